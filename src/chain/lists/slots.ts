import type { Project } from "../../program/project.js";
import type { Expr, Fn, Module } from "../../syntax/ir.js";
import { operandsOf } from "../../syntax/parts.js";
import { originOf } from "../same.js";
import { expressionsIn, type Put, putsOf, variablesOf } from "../walk.js";

/** A function put into a slot of the global object, or of the process, by a module that never looks at what was there. */
export interface Overwritten {
  /** The name of the slot: `onerror`, `fetch`, `emit`. */
  slot: string;
  put: Put;
  /** The function that is put there. */
  handler: Fn;
}

/** Every slot of the given names that a module overwrites without reading it. */
export function overwrittenIn(module: Module, names: ReadonlySet<string>, project: Project): Overwritten[] {
  return putsOf(module).flatMap((put): Overwritten[] => {
    const slot = put.to.p ?? "";
    if (put.op !== "=" || !names.has(slot) || !isHolder(put.to.o, slot, module, project)) return [];
    const handler = functionOf(put.e, module, project);
    return handler && !isLookedAt(slot, module) ? [{ slot, put, handler }] : [];
  });
}

/** The object whose member the slot is: `process` for `emit`, the global object for all others. */
const isHolder = (o: Expr, slot: string, module: Module, project: Project): boolean =>
  project.values
    .of(o, module)
    .some((v) => v.v === "global" && v.path === (slot === "emit" ? "process" : "")) &&
  // the global object of a worker has no page around it
  !(o.k === "id" && o.name === "self");

/** A function of the module itself; what is handed in, or made by something else, may hold what was there. */
function functionOf(e: Expr, module: Module, project: Project): Fn | undefined {
  const origin = originOf(e);
  if (origin.k === "fn") return origin.fn;
  // `this.handleError`, `this.handleError.bind(this)`
  if (origin.k === "call" && origin.callee.k === "mem" && origin.callee.p === "bind")
    return functionOf(origin.callee.o, module, project);
  const isOwn =
    (origin.k === "id" && origin.bind?.kind === "function") || (origin.k === "mem" && origin.o.k === "this");
  const [only, ...more] = isOwn ? project.values.of(origin, module) : [];
  return only?.v === "fn" && more.length === 0 && only.fn.module === module ? only.fn : undefined;
}

/** Whether a module reads a slot, by its name or by a text that is its name: `window.onerror`, `fetch`, `fill(window, "onerror", ...)`. */
function isLookedAt(slot: string, module: Module): boolean {
  let looked = looks.get(module);
  if (!looked) looks.set(module, (looked = looksIn(module)));
  return looked.has(slot);
}

const looks = new WeakMap<Module, Set<string>>();

function looksIn(module: Module): Set<string> {
  const written = new Set<Expr>();
  const asked = new Set<Expr>();
  for (const { e } of expressionsIn(module)) {
    if (e.k === "set" && e.op === "=") written.add(e.to);
    // `"onerror" in window` asks what kind of place this is
    if (e.k === "cmp" && e.op === "in") operandsOf(e).forEach((o) => asked.add(o));
  }
  // `const { emit } = process`
  const found = new Set(
    variablesOf(module).flatMap(({ values }) =>
      values.flatMap((v) => (v.k === "mem" && v.p !== undefined ? [v.p] : [])),
    ),
  );
  for (const { e } of expressionsIn(module)) {
    if (written.has(e) || asked.has(e)) continue;
    if (e.k === "mem" && e.p !== undefined) found.add(e.p);
    else if (e.k === "id" && !e.bind) found.add(e.name);
    else if (e.k === "lit" && typeof e.v === "string") found.add(e.v);
  }
  return found;
}
