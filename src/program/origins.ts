import type { Binding, Call, Expr, Module } from "../syntax/ir.js";
import { homeOf } from "../ending/misplaced.js";
import type { Project } from "./project.js";
import { returnsOf } from "./value-sets.js";

/** The calls that a thing can come from. */
export interface Origins {
  calls: Set<Call>;
  /** It may come from elsewhere as well. */
  open: boolean;
}

const MAX_DEPTH = 12;

/** Which calls of the program may have made what an expression stands for: through names, fields, imports and returns. */
export function originsOf(e: Expr, module: Module, project: Project): Origins {
  const found: Origins = { calls: new Set(), open: false };
  trace(e, module, project, found, new Set(), 0);
  return found;
}

function trace(
  e: Expr,
  module: Module,
  project: Project,
  found: Origins,
  seen: Set<object>,
  depth: number,
): void {
  const next = (inner: Expr, home = module): void => {
    trace(inner, home, project, found, seen, depth + 1);
  };
  if (depth > MAX_DEPTH) {
    found.open = true;
    return;
  }
  if (seen.has(e)) return;
  seen.add(e);
  switch (e.k) {
    case "await":
    case "set":
      next(e.e);
      return;
    case "cond":
      next(e.then);
      next(e.else);
      return;
    case "logic":
      if (e.op !== "&&") next(e.l);
      next(e.r);
      return;
    case "lit":
      return;
    case "id":
      if (e.bind) traceBinding(e.bind, module, project, found, next);
      else found.open = true;
      return;
    case "mem": {
      const member = e.o.k === "this" && e.p !== undefined ? e.o.cls?.members.get(e.p) : undefined;
      if (member && member.values.length > 0) for (const v of member.values) next(v);
      else found.open = true;
      return;
    }
    case "call":
      found.calls.add(e);
      // `x.on(...).on(...)` hands back what it was called on
      if (e.callee.k === "mem") next(e.callee.o);
      for (const v of project.values.callee(e.callee, module))
        if (v.v === "fn") for (const r of returnsOf(v.fn.body)) next(r, v.fn.module);
      return;
    default:
      found.open = true;
  }
}

function traceBinding(
  bind: Binding,
  module: Module,
  project: Project,
  found: Origins,
  next: (e: Expr, home?: Module) => void,
): void {
  const home = homeOf(bind, module, project);
  const values = home?.bind.values ?? [];
  // imports of packages are no more than names
  if (!home && bind.from && project.index.resolve(module.file, bind.from.specifier) === undefined) return;
  if (!home || values.length === 0 || home.bind.param) found.open = true;
  for (const v of values) next(v, home?.module);
}
