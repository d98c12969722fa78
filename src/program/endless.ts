import type { Expr, Fn, Stmt } from "../syntax/ir.js";
import { expressionsOf, evaluates, listsOf } from "../syntax/parts.js";

type Loop = Stmt & { s: "loop" };

/** Whether a function waits in a loop that only the end of the process leaves: `while (true) { await poll(); }`. */
export const loopsForever = (fn: Fn): boolean => loopsIn(fn.body).some(isEndless);

const loopsIn = (body: readonly Stmt[]): Loop[] =>
  body.flatMap((s) => [...(s.s === "loop" ? [s] : []), ...listsOf(s).flatMap(loopsIn)]);

function isEndless({ test, body, awaits }: Loop): boolean {
  const always = test === undefined ? !awaits : test.k === "lit" && Boolean(test.v);
  return always && !leaves(body, false) && waits(body);
}

/** @param inner whether the statements stand in a loop or `switch` of their own, which a plain `break` leaves */
const leaves = (body: readonly Stmt[], inner: boolean): boolean =>
  body.some(
    (s) =>
      s.s === "return" ||
      s.s === "throw" ||
      (s.s === "break" && (!inner || s.label !== undefined)) ||
      (s.s === "continue" && s.label !== undefined) ||
      expressionsOf(s).some((e) => evaluates(e, isExit)) ||
      listsOf(s).some((list) => leaves(list, inner || s.s === "loop" || s.s === "switch")),
  );

const isExit = (e: Expr): boolean => e.k === "call" && e.callee.k === "mem" && e.callee.p === "exit";

const waits = (body: readonly Stmt[]): boolean =>
  body.some(
    (s) => expressionsOf(s).some((e) => evaluates(e, ({ k }) => k === "await")) || listsOf(s).some(waits),
  );
