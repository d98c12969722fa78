import type { Binding, Call, Expr, Fn } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import { originOf } from "../same.js";
import { eachExpression } from "../walk.js";

/** What a call hands to the original. `all`: a list as a whole; `list`: written out one by one. */
export type HandedOn = { is: "all"; list: Expr } | { is: "list"; items: readonly Expr[] } | { is: "unknown" };

/** What a call of the original hands on, whichever form it has (`callsOriginal`). */
export function handedBy({ callee, args }: Call, isOriginal: (e: Expr) => boolean): HandedOn {
  if (isOriginal(callee) || callee.k !== "mem") return listed(args);
  if (callee.p === "call" && isOriginal(callee.o)) return listed(args.slice(1));
  if (callee.p !== "apply") return { is: "unknown" };
  const list = isOriginal(callee.o) ? args[1] : args[2];
  if (!list) return listed([]);
  return list.k === "arr" ? listed(list.items) : { is: "all", list };
}

const listed = (items: readonly Expr[]): HandedOn => {
  const [first] = items;
  if (!items.some((item) => item.k === "spread")) return { is: "list", items };
  return items.length === 1 && first?.k === "spread" ? { is: "all", list: first.e } : { is: "unknown" };
};

/** Whether an expression is the whole list of arguments of a function, or a copy: `arguments`, or `args` of `...args`. */
export function isWholeList(e: Expr, fn: Fn): boolean {
  const list = originOf(e);
  if (list.k === "arr")
    return list.items.length === 1 && list.items[0]?.k === "spread" && isWholeList(list.items[0].e, fn);
  if (list.k === "call") return copied(list).some((from) => isWholeList(from, fn));
  if (list.k !== "id") return false;
  if (list.bind === undefined) return list.name === "arguments";
  const parameters = fn.params;
  return fn.rest && parameters.length === 1 && list.bind === parameters[0]?.[0];
}

/** `Array.from(list)`, `[].slice.call(list)`. */
function copied({ callee, args }: Call): Expr[] {
  if (callee.k !== "mem") return [];
  const isFrom = callee.p === "from" && callee.o.k === "id" && callee.o.name === "Array";
  const isSlice = callee.p === "call" && callee.o.k === "mem" && callee.o.p === "slice";
  return (isFrom || isSlice) && args.length === 1 ? args : [];
}

/** A variable, or the list of arguments that a function has without a name for it. */
export type Behind = Binding | "arguments";

/** The variables that an expression depends on, through other variables and the functions that stand in it. */
export function variablesBehind(e: Expr, seen = new Set<Behind>()): Set<Behind> {
  const take = (part: Expr): void => {
    if (part.k === "fn") eachExpression(part.fn.body, take);
    if (part.k !== "id") return;
    if (part.bind === undefined) {
      if (part.name === "arguments") seen.add("arguments");
      return;
    }
    if (seen.has(part.bind)) return;
    seen.add(part.bind);
    for (const value of part.bind.values) variablesBehind(value, seen);
  };
  evaluates(e, (part) => {
    take(part);
    return false;
  });
  return seen;
}
