import type { Value } from "../facts/value.js";
import type { Expr, Fn, Module } from "../syntax/ir.js";

/** A function and those around it, innermost first. */
export function outward(fn: Fn): Fn[] {
  const found = [fn];
  for (let f = fn.parent; f && f.kind !== "module"; f = f.parent) found.push(f);
  return found;
}

/**
 * Functions of its file that come to a function by calls, and that no function of the file calls: the handlers of commands. The
 * function itself where nobody calls it.
 * @param calleeOf what a called expression can be
 */
export function rootsOf(fn: Fn, calleeOf: (callee: Expr, module: Module) => readonly Value[]): Fn[] {
  const seen = new Set<Fn>([outward(fn).at(-1) ?? fn]);
  const found: Fn[] = [];
  for (const one of seen) {
    const homes = fn.module.calls.flatMap(({ call, fn: home }) =>
      calleeOf(call.callee, fn.module).some((v) => v.v === "fn" && v.fn === one)
        ? [outward(home).at(-1) ?? home]
        : [],
    );
    if (homes.every((home) => home === one)) found.push(one);
    for (const home of homes) if (home.kind !== "module") seen.add(home);
  }
  return found;
}
