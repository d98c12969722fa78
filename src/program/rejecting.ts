import { evaluates, expressionsOf, listsOf } from "../syntax/parts.js";
import type { Call, Expr, Fn, Stmt } from "../syntax/ir.js";
import { returnsOf } from "./value-sets.js";

/** Whether what an asynchronous function awaits or throws can leave it as a rejection. */
export const canReject = (fn: Fn): boolean =>
  fn.async ? escapes(fn.body) : returnsOf(fn.body).some((e) => e.k === "call" && !isSettled(e));

/** A failure of these statements can leave them. */
function escapes(body: readonly Stmt[]): boolean {
  return body.some((s) => {
    if (s.s === "throw") return true;
    if (s.s === "try") return escapes(s.handler ?? s.block) || escapes(s.finalizer ?? []);
    if (s.s === "loop" && s.awaits) return true;
    if (s.s === "return" && s.e?.k === "call" && !isSettled(s.e)) return true;
    return expressionsOf(s).some((e) => evaluates(e, awaitsFailure)) || listsOf(s).some(escapes);
  });
}

const awaitsFailure = (e: Expr): boolean => e.k === "await" && !(e.e.k === "call" && isSettled(e.e));

/** `work().catch(() => {})`, `Promise.allSettled(all)`: it never rejects. */
function isSettled(call: Call): boolean {
  const { callee, args } = call;
  if (callee.k !== "mem") return false;
  if (callee.p === "allSettled") return true;
  if (callee.p === "finally") return callee.o.k === "call" && isSettled(callee.o);
  const handler = callee.p === "catch" ? args[0] : callee.p === "then" ? args[1] : undefined;
  if (handler?.k !== "fn")
    return handler?.k === "mem" && handler.o.k === "id" && handler.o.name === "console";
  return handler.fn.async ? !canReject(handler.fn) : !throws(handler.fn.body);
}

/** A `throw` that leaves these statements. */
export const throws = (body: readonly Stmt[]): boolean =>
  body.some((s) => {
    if (s.s === "throw") return true;
    if (s.s === "try") return throws(s.handler ?? s.block) || throws(s.finalizer ?? []);
    return listsOf(s).some(throws);
  });
