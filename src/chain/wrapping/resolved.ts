import type { Expr } from "../../syntax/ir.js";

/** `Promise.resolve()`. */
export const isResolved = (e: Expr): boolean =>
  e.k === "call" && e.callee.k === "mem" && e.callee.p === "resolve" && e.args.length === 0;
