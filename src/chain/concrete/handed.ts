import type { Binding, Call, Expr, Fn } from "../../syntax/ir.js";
import { readingsOf } from "./asked.js";
import { controlsOf, isAttempt, mentions, rootsOf } from "./controls.js";
import type { Evaluator } from "./evaluate.js";
import { expressionsIn } from "../walk.js";

/** A member that a function of the program needs of what it is given. */
export interface Need {
  e: Expr & { k: "mem" };
  member: string;
  fn: Fn;
}

/** What the function or class behind a call needs of one of its arguments, without asking for it first. */
export function needsOf(call: Call, index: number, fn: Fn, evaluator: Evaluator): Need[] {
  const [callee, ...others] = evaluator.of(call.callee, fn);
  if (others.length > 0) return [];
  const called =
    callee?.is === "function" && !call.isNew
      ? callee.fn
      : callee?.is === "class" && call.isNew
        ? callee.cls.ctor
        : undefined;
  const [bind, ...more] = called?.params[index] ?? [];
  if (!called || !bind || more.length > 0 || (called.rest && index >= called.params.length - 1)) return [];
  const { needed } = readingsOf(called.module);
  return expressionsIn(called.module).flatMap(({ e, fn: at }): Need[] => {
    if (e.k !== "mem" || e.p === undefined || !needed.has(e) || !isGiven(e.o, bind, called)) return [];
    const read = { at: e.at, fn: at };
    const guarded = isAttempt(read) || controlsOf(read).some(({ test }) => mentions(test, rootsOf(e.o)));
    return guarded ? [] : [{ e, member: e.p, fn: at }];
  });
}

/** Whether an expression is a parameter, or a field that the constructor fills with it and nothing else does. */
function isGiven(e: Expr, bind: Binding, called: Fn): boolean {
  if (e.k === "id") return e.bind === bind && bind.values.length === 0;
  if (e.k !== "mem" || e.o.k !== "this" || e.p === undefined || e.o.cls?.ctor !== called) return false;
  const [value, ...others] = e.o.cls?.members.get(e.p)?.values ?? [];
  return value?.k === "id" && value.bind === bind && others.length === 0 && bind.values.length === 0;
}
