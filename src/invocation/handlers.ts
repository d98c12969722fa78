import type { Value } from "../facts/value.js";
import { handlerCalls, handlerClasses, workerHandlers, type PlatformName } from "../knowledge/invocations.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import type { Project } from "../program/project.js";
import { exportedHandlers } from "./exported.js";
import { platformOfWorker } from "./deployed.js";
import { wrappedIn } from "./wrappers.js";

/** A function that a platform runs for each event. */
export interface Invocation {
  fn: Fn;
  platform: PlatformName;
  /** Vendors whose captures a wrapper around the function waits for. */
  waits: readonly string[];
  /** The web framework whose route it is. */
  app?: string;
}

/** A function that is handed to a platform, and the vendors that wrappers on the way wait for. */
export type Handler = Pick<Invocation, "fn" | "waits">;

/** The invocations of a file, in source order. Cached. */
export function invocationsIn(module: Module, project: Project): readonly Invocation[] {
  let known = cache.get(module);
  if (!known) {
    const found = new Map<Fn, Invocation>();
    const add = (handler: Handler, platform: PlatformName): void => {
      if (!found.has(handler.fn)) found.set(handler.fn, { ...handler, platform });
    };
    for (const { platform, e, names } of exportedHandlers(module, project))
      for (const handler of handlersOf(e, module, project, names)) add(handler, platform);
    for (const { platform, e, properties } of handedIn(module, project))
      for (const handler of handlersOf(e, module, project, properties)) add(handler, platform);
    for (const { fn, platform } of ofClasses(module, project)) add({ fn, waits: [] }, platform);
    for (const handler of typedAsWorkers(module, project)) add(handler, "workers");
    known = [...found.values()].sort((a, b) => a.fn.at[0] - b.fn.at[0]);
    cache.set(module, known);
  }
  return known;
}

const cache = new WeakMap<Module, readonly Invocation[]>();

/**
 * The functions that an expression comes to. A call of something that the program does not show may flush what the function
 * leaves, so that nothing is said of it, except for those that are known.
 * @param names properties that hold the functions, where the expression is an object
 */
export function handlersOf(
  e: Expr,
  module: Module,
  project: Project,
  names: readonly string[] | undefined,
): Handler[] {
  const call = callBehind(e);
  const wrapped = call && wrappedIn(call, module, project);
  if (wrapped) {
    const waits = wrapped.waits === undefined ? [] : [wrapped.waits];
    return handlersOf(wrapped.inner, module, project, names).map((h) => ({
      fn: h.fn,
      waits: [...h.waits, ...waits],
    }));
  }
  return project.values
    .of(e, module)
    .flatMap((v) => functionsOf(v, project, names))
    .map((fn) => ({ fn, waits: [] }));
}

/** The call that an expression is, be it by way of a constant. */
function callBehind(e: Expr): Call | undefined {
  if (e.k !== "id") return e.k === "call" ? e : undefined;
  const [only, ...others] = e.bind?.constant === true ? e.bind.values : [];
  return only?.k === "call" && others.length === 0 ? only : undefined;
}

function functionsOf(v: Value, project: Project, names: readonly string[] | undefined): Fn[] {
  // a Worker exports an object
  if (v.v === "fn") return names === workerHandlers ? [] : [v.fn];
  if (v.v !== "object" || !names) return [];
  return v.obj.props.flatMap((p) =>
    p.name !== undefined && names.includes(p.name)
      ? project.values.of(p.value, v.module).flatMap((each) => (each.v === "fn" ? [each.fn] : []))
      : [],
  );
}

/** What the calls of a file hand to a platform. */
export const handedIn = (
  module: Module,
  project: Project,
): { platform: PlatformName; e: Expr; properties: readonly string[] | undefined }[] =>
  module.calls.flatMap(({ call }) => ofCall(call, module, project));

/** `http("orders", async (req, res) => ...)`, `app.http("orders", { handler })`. */
function ofCall(call: Call, module: Module, project: Project): ReturnType<typeof handedIn> {
  if (call.isNew) return [];
  return project.values.callee(call.callee, module).flatMap((v) => {
    if (v.v !== "package") return [];
    const facts = handlerCalls.find(
      (h) => h.modules.some((m) => isModule(v.specifier, m)) && h.path.test(v.path),
    );
    const e = facts && (facts.properties ? call.args.at(-1) : call.args.findLast(isFunctional));
    return facts && e ? [{ platform: facts.platform, e, properties: facts.properties }] : [];
  });
}

const isModule = (specifier: string, wanted: string): boolean =>
  wanted.endsWith("/*") ? specifier.startsWith(wanted.slice(0, -1)) : specifier === wanted;
const isFunctional = (e: Expr): boolean => e.k === "fn" || e.k === "id" || e.k === "mem";

function ofClasses(module: Module, project: Project): Pick<Invocation, "fn" | "platform">[] {
  return module.classes.flatMap((cls) => {
    if (!cls.superClass) return [];
    const parents = project.values.of(cls.superClass, module);
    const facts = handlerClasses.find((h) =>
      parents.some((v) => v.v === "package" && v.specifier === h.module && h.names.includes(v.path)),
    );
    return (facts?.methods ?? []).flatMap((name) => {
      const fn = cls.members.get(name)?.fn;
      return facts && fn ? [{ fn, platform: facts.platform }] : [];
    });
  });
}

/** `const handler: ExportedHandler<Env> = { async fetch() {} }` in a package that is deployed as a Worker. */
function typedAsWorkers(module: Module, project: Project): Handler[] {
  if (!module.bindings.some(isExportedHandler) || !platformOfWorker(module.file, project)) return [];
  return module.bindings
    .filter(isExportedHandler)
    .flatMap((b) => b.values.flatMap((e) => handlersOf(e, module, project, workerHandlers)));
}

const isExportedHandler = (bind: Module["bindings"][number]): boolean =>
  bind.type.some(({ expr }) => expr.k === "id" && expr.name === "ExportedHandler");
