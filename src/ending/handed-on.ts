import type { Hit } from "../flow/world.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import { isClosing, isClosingName } from "../flow/names.js";
import { endingsOf } from "../program/endings.js";
import { homeOf } from "./misplaced.js";
import { drainedBy } from "../program/producers.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { functionsIn, reachOf } from "../program/reach.js";
import { mayFlush } from "../program/unseen.js";

/**
 * Whether an exit stands behind a call that may run what was handed on to close telemetry: a list of closers, the hooks of a
 * framework that is being closed.
 */
export function isClosedElsewhere(run: Run, exit: Hit, project: Project): boolean {
  const handed =
    run.hits.some((h) => h.fn !== exit.fn && isHandedOn(h, run, project)) ||
    [...run.started.values()].some((start) => isGivenAway(start, run, project));
  if (!handed) return false;
  const last = exit.stack.at(-1)?.call?.callee;
  const chain = last?.k === "mem" && /^(then|catch|finally)$/.test(last.p ?? "") ? last.o.at : undefined;
  return exit.fn.module.calls.some(({ call, fn }) => {
    const earlier = fn === exit.fn && call.at[1] <= exit.at[0];
    const chained = chain !== undefined && chain[0] <= call.at[0] && call.at[1] <= chain[1];
    return (earlier || chained) && runsClosers(call, fn, project);
  });
}

/**
 * `coordinate({ cleanup: () => telemetry.dispose(), exit: (code) => process.exit(code) })`: how to end is handed on together with
 * what closes, and whoever takes the two decides in which order they run.
 */
export function isGivenBesideCloser({ fn, call }: Hit, run: Run, project: Project): boolean {
  const others = tablesOf(fn.module).find((props) => props.some((p) => isOf(p.value, fn)));
  return (
    others?.some(({ name, value }) => {
      if (isOf(value, fn)) return false;
      const fns = functionsIn(value, fn, project.values);
      const flushes = (): boolean =>
        reachOf(fns, project.values).some((r) =>
          run.hits.some((h) => h.kind === "flush" && h.call === r.call && h.call !== call),
        );
      return fns.length > 0 && (isClosingName(name ?? "") || flushes());
    }) ?? false
  );
}

const isOf = (e: Expr, fn: Fn): boolean => e.k === "fn" && e.fn === fn;

/** The objects that the calls of a module are given. */
const tablesOf = ({ calls }: Module): (Expr & { k: "obj" })["props"][] =>
  calls.flatMap(({ call }) => call.args.flatMap((a) => (a.k === "obj" ? [a.props] : [])));

/** A flush in a function that something unseen calls when it thinks fit. */
function isHandedOn(hit: Hit, run: Run, project: Project): boolean {
  if (hit.kind !== "flush" || hit.inTimer) return false;
  // what a signal or another event runs is run by that, whoever registered it
  const from = hit.stack.findLastIndex((s) => s.as === "listener" && s.event !== undefined);
  const given = hit.stack.some(
    (s, i) =>
      (s.as === "callback" && (s.call ? !isPromise(s.call) : i > from && isNameless(s.fn))) ||
      (s.as === "listener" && s.event === undefined),
  );
  return (
    given ||
    endingsOf(run, project).some((e) => (e.kind === "hook" || e.kind === "owner") && e.hits.includes(hit))
  );
}

/** A method of an object that was handed out, or a function without a name: nobody of the program calls it by its own. */
const isNameless = (fn: Fn): boolean => fn.kind === "arrow" || (fn.kind === "method" && !fn.cls);

/** Callbacks of promises and executors run on the way, not at the end. */
const isPromise = (call: Call | undefined): boolean =>
  call !== undefined &&
  ((call.callee.k === "mem" && /^(then|catch|finally)$/.test(call.callee.p ?? "")) ||
    (call.isNew && call.callee.k === "id" && call.callee.name === "Promise"));

function runsClosers(call: Call, fn: Fn, project: Project): boolean {
  const closes = (c: Call, home: Fn): boolean =>
    isClosing(c) ||
    drainedBy(c, home.module, project) !== undefined ||
    mayFlush({ call: c, fn: home }, project);
  const values = project.values.callee(call.callee, fn.module);
  if (values.some((v) => v.v === "member" || v.v === "sdk" || v.v === "exit")) return false;
  if (closes(call, fn)) return true;
  const fns = values.flatMap((v) => (v.v === "fn" ? [v.fn] : []));
  for (const a of call.args) fns.push(...functionsIn(a, fn, project.values));
  return reachOf(fns, project.values).some((r) => !r.inTimer && closes(r.call, r.fn));
}

const REGISTERS =
  /clos|shut|clean|dispos|regist|add|push|track|own|manage|graceful|terminat|lifecycle|decorate|provide|^bind$/i;

/** The started handle is given to something that may close it: a lifecycle library, a registry, a container. */
export function isGivenAway(start: Hit, run: Run, project: Project): boolean {
  const handle = handleOf(start);
  if (!handle) return false;
  const { module } = start.fn;
  const users = project.index.importers(module.file).filter((file) => run.files.has(file));
  return [module, ...users.flatMap((file) => project.module(file) ?? [])].some((m) =>
    isGivenAwayIn(m, handle, project),
  );
}

function isGivenAwayIn(module: Module, handle: Named, project: Project): boolean {
  const isHandle = (bind: Named): boolean =>
    bind === handle || (bind.from !== undefined && homeOf(bind, module, project)?.bind === handle);
  for (const { call } of module.calls) {
    if (!call.args.some((a) => holds(a, isHandle, 0))) continue;
    const values = project.values.callee(call.callee, module);
    if (values.some((v) => v.v === "sdk" || v.v === "member")) continue;
    const name = call.callee.k === "mem" ? call.callee.p : call.callee.k === "id" ? call.callee.name : "";
    if (REGISTERS.test(name ?? "") && !/telemetry|instrumentation/i.test(name ?? "")) return true;
  }
  return false;
}

type Named = NonNullable<(Expr & { k: "id" })["bind"]>;

/** The variable that a started handle is kept in. */
function handleOf({ call, fn }: Hit): Named | undefined {
  if (!call) return undefined;
  if (call.callee.k === "mem" && call.callee.o.k === "id") return call.callee.o.bind;
  return fn.module.bindings.find((b) => b.values.some((v) => v.at[0] <= call.at[0] && call.at[1] <= v.at[1]));
}

function holds(e: Expr, isHandle: (bind: Named) => boolean, depth: number): boolean {
  if (depth > 3) return false;
  switch (e.k) {
    case "id":
      return e.bind !== undefined && isHandle(e.bind);
    case "obj":
      return e.props.some((p) => holds(p.value, isHandle, depth + 1));
    case "arr":
      return e.items.some((i) => holds(i, isHandle, depth + 1));
    default:
      return false;
  }
}
