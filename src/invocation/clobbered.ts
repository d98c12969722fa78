import { eachExpression } from "../chain/walk.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import { reachOf } from "../program/reach.js";
import type { Binding, Call, Expr, Fn, Module, Span, Stmt } from "../syntax/ir.js";

type Put = Expr & { k: "set" };

/**
 * A global that keeps the platform's `waitUntil` for flushes is saved, then emptied where the context at hand has none, and put back
 * only where it had one: the flushes of the context around it are kept alive by nobody.
 */
export function clobbered(project: Project): ChainBreak[] {
  const slots = keepersInUse(project);
  return [...slots].flatMap(([name, use]) =>
    project.index.sources
      .filter((file) => !project.index.isTest(file) && (project.index.read(file) ?? "").includes(name))
      .flatMap((file) => {
        const module = project.module(file);
        return module ? module.fns.flatMap((fn) => emptied(fn, name, use, project)) : [];
      }),
  );
}

interface Use {
  call: Call;
  fn: Fn;
}

const KEEPER = /^(?!waitUntil$)\w*wait_?until\w*$/i;

/** Globals that are called with a flush of telemetry: `globalThis.appWaitUntil(provider.forceFlush())`. */
function keepersInUse(project: Project): Map<string, Use> {
  const found = new Map<string, Use>();
  const hits = project.runs().flatMap((r) => r.hits.filter((h) => h.kind === "flush"));
  if (hits.length === 0) return found;
  const direct = new Set(hits.map((h) => h.call));
  const flushes = (fn: Fn): boolean => reachOf([fn], project.values).some((r) => direct.has(r.call));
  const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];
  for (const module of project.marks.modules.keys())
    for (const { call, fn } of module.calls) {
      const path = project.values.callee(call.callee, module).find((v) => v.v === "global")?.path ?? "";
      if (!KEEPER.test(path) || found.has(path)) continue;
      const given = (at: Span): boolean => call.args.some((a) => within(at, a.at));
      const isFlush = module.calls.some(
        (c) =>
          given(c.call.at) &&
          (direct.has(c.call) ||
            project.values.callee(c.call.callee, module).some((v) => v.v === "fn" && flushes(v.fn))),
      );
      if (isFlush) found.set(path, { call, fn });
    }
  return found;
}

function emptied(fn: Fn, name: string, use: Use, project: Project): ChainBreak[] {
  const { module } = fn;
  const isSlot = (e: Expr): boolean =>
    e.k === "mem" &&
    e.p === name &&
    project.values.of(e, module).some((v) => v.v === "global" && v.path === name);
  const saved = variablesIn(fn).some((b) => b.values.some(isSlot));
  if (!saved) return [];
  const found: Put[] = [];
  for (const s of fn.body) {
    if (s.s !== "if" || !s.else || !putsIn(s.then).some((p) => isSlot(p.to) && !isNothing(p.e))) continue;
    found.push(...putsIn(s.else).filter((p) => isSlot(p.to) && isNothing(p.e)));
  }
  const [put] = found;
  const restores = module.fns.filter(
    (f) => f.parent === fn && f.body.some((s) => allPuts(s).some((p) => isSlot(p.to))),
  );
  const always = restores.some((f) => putsIn(f.body).some((p) => isSlot(p.to)));
  if (!put || restores.length === 0 || always) return [];
  return [
    {
      kind: "chain-break",
      check: "clobbered",
      fn,
      at: put.at,
      names: [name],
      others: [
        { fn: use.fn, at: use.call.at, message: "flushes are handed to it here" },
        ...restores.map((f) => ({ fn: f, at: f.at, message: "this puts it back in the other case only" })),
      ],
    },
  ];
}

const variablesIn = (fn: Fn): Binding[] => {
  const found = new Set<Binding>();
  for (const f of [fn, ...fn.module.fns.filter((g: Module["fns"][number]) => g.parent === fn)])
    eachExpression(f.body, (e) => {
      if (e.k === "id" && e.bind?.owner === fn && e.bind.kind === "var") found.add(e.bind);
    });
  return [...found];
};

/** The assignments that statements make themselves, whatever happens. */
const putsIn = (body: readonly Stmt[]): Put[] =>
  body.flatMap((s) => (s.s === "expr" && s.e.k === "set" ? [s.e] : []));

function allPuts(s: Stmt): Put[] {
  const found: Put[] = [];
  eachExpression([s], (e) => {
    if (e.k === "set") found.push(e);
  });
  return found;
}

const isNothing = (e: Expr): boolean =>
  (e.k === "lit" && (e.v === undefined || e.v === null)) ||
  (e.k === "id" && e.name === "undefined") ||
  e.k === "void";
