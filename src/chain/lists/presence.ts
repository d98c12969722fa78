import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";
import { isNothing } from "./options.js";

/** Whether an expression is surely there, a name that is imported looked up in its file. */
export function isPresentIn(e: Expr, module: Module, project: Project): boolean {
  const from = e.k === "id" ? e.bind?.from : undefined;
  const file = from && project.index.resolve(module.file, from.specifier);
  const exported = file === undefined ? undefined : project.module(file)?.exports.get(from?.name ?? "");
  return isPresent(exported?.kind === "value" ? exported.e : e);
}

/** Whether an expression is surely there: neither `undefined` nor `null` nor otherwise nothing, as far as the text shows. */
function isPresent(e: Expr, depth = 0): boolean {
  if (depth > 8) return false;
  switch (e.k) {
    case "arr":
    case "obj":
      return true;
    case "call":
      return e.isNew || isListCall(e, depth);
    case "cond":
      return isPresent(e.then, depth + 1) && isPresent(e.else, depth + 1);
    case "logic":
      return e.op === "&&" ? false : isPresent(e.r, depth + 1);
    case "await":
      return isPresent(e.e, depth + 1);
    case "id": {
      const { bind } = e;
      return (
        bind?.kind === "var" && bind.values.length > 0 && bind.values.every((v) => isPresent(v, depth + 1))
      );
    }
    default:
      return false;
  }
}

/** `[...].filter(Boolean)`, `list.map(...)`, `list.concat(...)`: a list is made of a list. */
const isListCall = ({ callee }: Expr & { k: "call" }, depth: number): boolean =>
  callee.k === "mem" && LISTS.has(callee.p ?? "") && isPresent(callee.o, depth + 1);

const LISTS = new Set(["filter", "map", "flatMap", "concat", "slice", "flat"]);

/** Whether an expression may be something: not nothing on every branch. */
export function mayBePresent(e: Expr, depth = 0): boolean {
  if (isNothing(e) || (e.k === "lit" && e.v === false)) return false;
  if (depth > 8) return true;
  if (e.k === "cond") return mayBePresent(e.then, depth + 1) || mayBePresent(e.else, depth + 1);
  if (e.k === "logic")
    return e.op !== "&&"
      ? mayBePresent(e.l, depth + 1) || mayBePresent(e.r, depth + 1)
      : mayBePresent(e.r, depth + 1);
  if (e.k === "id" && e.bind?.kind === "var" && e.bind.values.length > 0)
    return e.bind.values.some((v) => mayBePresent(v, depth + 1));
  return true;
}

/** Whether an expression may be nothing on some branch; a parameter may. */
export function mayBeNothing(e: Expr, depth = 0): boolean {
  if (isNothing(e) || (e.k === "lit" && e.v === false)) return true;
  if (depth > 8) return true;
  if (e.k === "cond") return mayBeNothing(e.then, depth + 1) || mayBeNothing(e.else, depth + 1);
  if (e.k === "logic") return e.op === "&&" || mayBeNothing(e.r, depth + 1);
  if (e.k !== "id" || e.bind?.kind === "import") return false;
  const values = e.bind?.values ?? [];
  return values.length === 0 || e.bind?.constant === false || values.some((v) => mayBeNothing(v, depth + 1));
}
