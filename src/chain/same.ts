import type { Binding, Expr } from "../syntax/ir.js";

/** The names of the global object; none of them when a program declares it itself. */
const GLOBALS = new Set(["globalThis", "window", "self", "global"]);

/** The name of a global variable: `fetch`, `window.fetch`, `globalThis.fetch`. */
function globalName(e: Expr): string | undefined {
  if (e.k === "id") return e.bind === undefined ? e.name : undefined;
  return e.k === "mem" && isGlobalObject(e.o) ? e.p : undefined;
}

/** `window`, `globalThis` and their like, under no other name. */
export const isGlobalObject = (e: Expr): boolean =>
  e.k === "id" && e.bind === undefined && GLOBALS.has(e.name);

/** Whether two expressions name the same variable or the same member of it, as far as they are written out. */
export function isSame(a: Expr, b: Expr): boolean {
  if (isGlobalObject(a) && isGlobalObject(b)) return true;
  const name = globalName(a);
  if (name !== undefined && name === globalName(b)) return true;
  if (a.k === "id") return b.k === "id" && a.bind !== undefined && a.bind === b.bind;
  if (a.k === "this" || a.k === "super") return a.k === b.k && a.cls === b.cls;
  return a.k === "mem" && b.k === "mem" && a.p !== undefined && a.p === b.p && isSame(a.o, b.o);
}

/** Whether an expression reads this variable and nothing else. */
export const isRead = (e: Expr, bind: Binding): boolean => e.k === "id" && e.bind === bind;

/** What a variable is, through other names of it: the last expression that is no name of a constant with one value. */
export function originOf(e: Expr, depth = 0): Expr {
  const bind = e.k === "id" ? e.bind : undefined;
  const [value] = bind?.values ?? [];
  if (!bind || !value || bind.values.length !== 1 || bind.kind !== "var" || depth > 8) return e;
  return originOf(value, depth + 1);
}
