import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";
import { isSame, originOf } from "../same.js";

/** A list as it is written out: what it holds, and the lists that are spread into it. */
export interface List {
  items: readonly Expr[];
  spreads: readonly Expr[];
  /** Where it is written; undefined where that is another file, whose text is not looked at. */
  module: Module | undefined;
}

/** The list that an expression stands for, where the program writes it out. */
export function listOf(e: Expr, module: Module, project: Project): List | undefined {
  const origin = originOf(e);
  if (origin.k === "arr") return partsOf(origin.items, module);
  if (origin.k !== "id" && origin.k !== "mem") return undefined;
  const [only, ...more] = project.values.of(origin, module);
  return only?.v === "array" && more.length === 0 ? partsOf(only.items, undefined) : undefined;
}

const partsOf = (items: readonly Expr[], module: Module | undefined): List => ({
  items: items.filter((i) => i.k !== "spread"),
  spreads: items.flatMap((i) => (i.k === "spread" ? [i.e] : [])),
  module,
});

/** Whether a list holds an item: the same name, or the same words. */
export function holds(list: List, item: Expr, from: Module | undefined, project: Project): boolean {
  return list.items.some(
    (i) =>
      isSame(originOf(i), originOf(item)) ||
      (from && list.module && wordsOf(i, list.module, project) === wordsOf(item, from, project)) === true,
  );
}

/** The text of an expression without its white space. */
const wordsOf = ({ at: [start, end] }: Expr, { file }: Module, project: Project): string =>
  (project.index.read(file) ?? "").slice(start, end).replace(/\s+/g, "");

/** What a message calls an item: the name that it is given by, or that of the function or class that makes it. */
export function itemName(e: Expr): string {
  if (e.k === "id") return e.name;
  if (e.k === "mem") return e.p ?? itemName(e.o);
  if (e.k === "call") return `${itemName(e.callee)}()`;
  return (e.k === "fn" ? e.fn.name : undefined) ?? "a function";
}
