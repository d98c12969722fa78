import { arrayMethods } from "../../knowledge/process.js";
import type { Binding, Cls, Expr, Fn } from "../../syntax/ir.js";

/** Where a wrapper keeps what it wraps: a field of its class, or a variable around it. `many`: a list of them. */
export type Place = ({ field: string; cls: Cls } | { bind: Binding }) & { many: boolean };

/** Calls that hand out what is in a list, a `Map` or an object, or a list of it. */
const ELEMENTS = new Set(
  "values get at filter slice find pop shift reverse toReversed entries from".split(" "),
);

/**
 * The place that an expression is read from: the field or variable itself, an element of the list in it, another name for it.
 * A field of another object than `this` has no place.
 */
export function placeOf(e: Expr, depth = 0): Place | undefined {
  if (depth > 8) return undefined;
  switch (e.k) {
    case "mem":
      if (e.o.k === "this" && e.p !== undefined) return e.o.cls && { field: e.p, cls: e.o.cls, many: false };
      return e.p === undefined || /^\d+$/.test(e.p) ? elementOf(e.o, depth) : undefined;
    case "id":
      return e.bind && placeOfVariable(e.bind, depth);
    case "call":
      return placeOfElements(e, depth);
    case "logic":
      return placeOf(e.l, depth + 1);
    case "arr":
      return e.items[0]?.k === "spread" ? elementOf(e.items[0].e, depth) : undefined;
    default:
      return undefined;
  }
}

function elementOf(list: Expr, depth: number): Place | undefined {
  const place = placeOf(list, depth + 1);
  return place && { ...place, many: true };
}

/** `Object.values(this.inner)`, `this.inner.filter(...)`. */
function placeOfElements({ callee, args: [first] }: Expr & { k: "call" }, depth: number): Place | undefined {
  if (callee.k !== "mem" || !ELEMENTS.has(callee.p ?? "")) return undefined;
  const isGlobal = callee.o.k === "id" && callee.o.bind === undefined;
  return isGlobal ? first && elementOf(first, depth) : elementOf(callee.o, depth);
}

function placeOfVariable(bind: Binding, depth: number): Place | undefined {
  const [value] = bind.values;
  if (bind.kind === "var" && bind.values.length === 1 && value) {
    const of = placeOf(value, depth + 1);
    if (of && value.k !== "id") return of;
  }
  const list = bind.param && listRunOver(bind.param.fn, bind.param.index);
  return (list && elementOf(list, depth)) ?? { bind, many: false };
}

/** The list over whose elements a function is run as a callback: `list` in `list.forEach((x) => ...)`. */
function listRunOver(fn: Fn, index: number): Expr | undefined {
  if (index !== 0) return undefined;
  for (const { call } of fn.module.calls) {
    const { callee, args } = call;
    if (callee.k !== "mem" || !arrayMethods.includes(callee.p ?? "")) continue;
    if (args[0]?.k === "fn" && args[0].fn === fn) return callee.o;
  }
  return undefined;
}

/** Whether two places are the same one; a field of a class is that of the classes that extend it, too. */
export const isSamePlace = (a: Place, b: Place): boolean =>
  "field" in a ? "field" in b && a.field === b.field : "bind" in b && a.bind === b.bind;

/** How a place is written in the code of its wrapper. */
export const written = (place: Place): string => ("field" in place ? `this.${place.field}` : place.bind.name);
