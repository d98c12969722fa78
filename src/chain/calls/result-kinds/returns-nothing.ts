import { returnsOf } from "../../../program/value-sets.js";
import type { Expr, Fn, Stmt } from "../../../syntax/ir.js";

/** Whether a function hands back undefined whatever it does: no promise, no value, and it does not end by throwing. */
export function returnsNothing(fn: Fn): boolean {
  if (fn.async || fn.generator || fn.kind === "accessor") return false;
  return returnsOf(fn.body).every(isNothing) && !endsByThrowing(fn.body);
}

const isNothing = (e: Expr): boolean =>
  e.k === "void" || (e.k === "lit" && (e.v === undefined || e.v === null));

const endsByThrowing = (body: readonly Stmt[]): boolean => body.at(-1)?.s === "throw";
