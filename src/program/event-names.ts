import { arrayMethods } from "../knowledge/process.js";
import type { Call, Expr, Module } from "../syntax/ir.js";
import type { Values } from "./values.js";

const MAX_DEPTH = 6;

/** The events that a registration is for: its first argument, also through a constant, a loop or a `forEach` over a list. */
export function eventNames(call: Call, module: Module, values: Values): string[] {
  const [first] = call.args;
  return first ? [...new Set(strings(first, module, values, 0))] : [];
}

function strings(e: Expr, module: Module, values: Values, depth: number): string[] {
  if (depth > MAX_DEPTH) return [];
  const next = (inner: Expr): string[] => strings(inner, module, values, depth + 1);
  switch (e.k) {
    case "lit":
      return typeof e.v === "string" ? [e.v] : [];
    case "cond":
      return [...next(e.then), ...next(e.else)];
    case "seq":
      return e.es.length === 1 && e.es[0] ? next(e.es[0]) : [];
    case "mem":
      // an element of a list, or of `Object.keys(...)`, which stays unknown
      return e.p === undefined ? listed(e.o, module, values, depth) : [];
    case "id": {
      const { bind } = e;
      if (!bind) return [];
      if (bind.param) return overList(bind.param.fn.at, module, values, depth);
      return bind.values.flatMap(next);
    }
    default:
      return [];
  }
}

/** The strings of a list. */
function listed(e: Expr, module: Module, values: Values, depth: number): string[] {
  return values
    .of(e, module)
    .flatMap((v) => (v.v === "array" ? v.items.flatMap((i) => strings(i, module, values, depth + 1)) : []));
}

/** `["SIGTERM", "SIGINT"].forEach((signal) => ...)`: the list that the function at this place is run over. */
function overList(at: readonly [number, number], module: Module, values: Values, depth: number): string[] {
  for (const { call } of module.calls) {
    const { callee } = call;
    if (callee.k !== "mem" || !arrayMethods.includes(callee.p ?? "")) continue;
    if (call.args.some((a) => a.k === "fn" && a.fn.at[0] === at[0]))
      return listed(callee.o, module, values, depth);
  }
  return [];
}
