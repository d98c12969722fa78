import { soundsLikeFlush } from "../flow/names.js";
import { evaluates, expressionsOf, listsOf } from "../syntax/parts.js";
import type { Call, Expr, Fn, Stmt } from "../syntax/ir.js";
import type { Project } from "../program/project.js";
import { returnsOf } from "../program/value-sets.js";

/** How far functions of the program that are awaited are looked into. */
const MAX_DEPTH = 4;

/**
 * Whether what an asynchronous function awaits or throws can leave it as a rejection.
 * @param project to look into the functions of the program that it awaits; without it each of them may reject
 */
export function canReject(fn: Fn, project?: Project, depth = 0): boolean {
  // what fails while it is sent is no failure of the work
  const settles = (call: Call): boolean =>
    isSettled(call) ||
    soundsLikeFlush(call.callee, fn.module.file) ||
    (project !== undefined && neverFails(call, fn, project, depth));
  return fn.async ? escapes(fn.body, settles) : returnsOf(fn.body).some((e) => e.k === "call" && !settles(e));
}

/** It comes to asynchronous functions of the program only, none of which can reject. */
function neverFails(call: Call, fn: Fn, project: Project, depth: number): boolean {
  if (depth >= MAX_DEPTH) return false;
  const values = call.callee.k === "fn" ? [] : project.values.callee(call.callee, fn.module);
  if (values.some((v) => v.v === "package" && /^(node:)?timers\/promises$/.test(v.specifier))) return true;
  const called =
    call.callee.k === "fn" ? [call.callee.fn] : values.flatMap((v) => (v.v === "fn" ? [v.fn] : []));
  const all = call.callee.k === "fn" || (values.length > 0 && called.length === values.length);
  return all && called.every((f) => f !== fn && f.async && !canReject(f, project, depth + 1));
}

/** A failure of these statements can leave them. */
function escapes(body: readonly Stmt[], settles: (call: Call) => boolean): boolean {
  return body.some((s) => {
    if (s.s === "throw") return true;
    if (s.s === "try") return escapes(s.handler ?? s.block, settles) || escapes(s.finalizer ?? [], settles);
    if (s.s === "loop" && s.awaits) return true;
    if (s.s === "return" && s.e?.k === "call" && !settles(s.e)) return true;
    const fails = (e: Expr): boolean => e.k === "await" && !(e.e.k === "call" && settles(e.e));
    return expressionsOf(s).some((e) => evaluates(e, fails)) || listsOf(s).some((l) => escapes(l, settles));
  });
}

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
