import type { Value } from "../facts/value.js";
import type { Binding, Call, Expr, Fn, Module } from "../syntax/ir.js";
import type { Mark } from "./marks.js";

/** Written in place in top-level code, as a listener is: the top level has to run for it. */
export function isInline(module: Module, fn: Fn): boolean {
  if (fn.cls) return false;
  return !module.bindings.some(
    (b) => b.kind === "function" && b.values.some((v) => v.k === "fn" && v.fn === fn),
  );
}

/** The top-level names whose value spans the offset. */
export function holders(module: Module, offset: number): Binding[] {
  return module.bindings.filter((b) => b.values.some((v) => v.at[0] <= offset && offset < v.at[1]));
}

/** `const { stop } = require("./x")` takes one name, `const x = require("./x")` all. */
export function adoptable(bind: Binding, names: Set<string>): boolean {
  return bind.values.some((v) => v.k !== "mem" || v.p === undefined || names.has(v.p));
}

export function rootOf(e: Expr): Binding | undefined {
  let root = e;
  while (root.k === "mem") root = root.o;
  return root.k === "id" ? root.bind : undefined;
}

export function innermost(module: Module, offset: number): Fn {
  let best = module.top;
  for (const fn of module.fns)
    if (fn.kind !== "module" && fn.at[0] <= offset && offset < fn.at[1] && fn.at[0] >= best.at[0]) best = fn;
  return best;
}

export function markOf(value: Value, call: Call): Mark | undefined {
  if (value.v === "exit") return value.facts.kind === "soft" ? undefined : "exit";
  if (value.v === "sdk" && value.sdk.is === "class")
    return call.isNew && value.sdk.cls.facts.construct === "start" ? "start" : undefined;
  const role =
    value.v === "member"
      ? value.member.facts.role
      : value.v === "sdk" && value.sdk.is === "call"
        ? value.sdk.facts.role
        : undefined;
  if (role === "start" || role === "capture") return role;
  return role === "flush" || role === "close" ? "flush" : undefined;
}
