import { returnsOf } from "../../program/value-sets.js";
import type { Expr, Fn, Span, Stmt } from "../../syntax/ir.js";
import { leaves, stepsTo } from "./assigned.js";
import type { Evaluator } from "./evaluate.js";
import type { Held } from "./holding.js";

/** A question whether something is of a class (`type`) or has a member (`name`), and whether it is asked the other way round. */
export interface Test {
  of: Expr;
  type?: Held;
  name?: string;
  negated: boolean;
  /** The whole question. */
  e: Expr;
}

/** Whether an expression asks what something is: `instanceof`, `in`, `typeof x.m`, a function of the program that does one of these. */
export function testOf(e: Expr, fn: Fn, evaluator: Evaluator): Test | undefined {
  if (e.k === "call") return byFunction(e, fn, evaluator);
  if (e.k !== "cmp") return undefined;
  if (e.op === "instanceof") {
    const [type, ...others] = evaluator.of(e.r, fn);
    return type && others.length === 0 ? { of: e.l, type, negated: false, e } : undefined;
  }
  if (e.op === "in")
    return e.l.k === "lit" && typeof e.l.v === "string"
      ? { of: e.r, name: e.l.v, negated: false, e }
      : undefined;
  const read = e.l.k === "seq" && e.l.es.length === 1 ? e.l.es[0] : e.l;
  if (read?.k !== "mem" || read.p === undefined || e.r.k !== "lit") return undefined;
  const { v } = e.r;
  if (v !== "function" && v !== undefined && v !== null && v !== "undefined") return undefined;
  return { of: read.o, name: read.p, negated: e.op.startsWith("!") === (v === "function"), e };
}

/** `const isLocal = (channel) => channel instanceof LocalChannel`. */
function byFunction(call: Expr & { k: "call" }, fn: Fn, evaluator: Evaluator): Test | undefined {
  if (call.isNew || call.callee.k !== "id" || call.args.length !== 1) return undefined;
  const [of] = call.args;
  const [callee, ...others] = evaluator.of(call.callee, fn);
  if (!of || callee?.is !== "function" || others.length > 0) return undefined;
  const [answer, ...more] = returnsOf(callee.fn.body);
  const [param] = callee.fn.params[0] ?? [];
  if (answer?.k !== "cmp" || more.length > 0 || callee.fn.body.length > 1) return undefined;
  const test = testOf(answer, callee.fn, evaluator);
  return test?.of.k === "id" && test.of.bind === param ? { ...test, of, e: call } : undefined;
}

/** What hangs on a test: code that runs only when it says yes, and what happens otherwise. */
export interface Branch {
  /** The places of the code that runs only when the test says yes. */
  only: readonly Span[];
  /** Otherwise the program fails. */
  fails: boolean;
}

/** What hangs on a test, where nothing stands in for it; undefined when something else is done otherwise, or may be. */
export function branchOf(test: Test, fn: Fn): Branch | undefined {
  const step = stepsTo(fn.body, test.e.at).at(-1);
  if (!step || step.into) return undefined;
  const { stmt, list, index } = step;
  if (stmt.s === "expr") {
    const e = stmt.e;
    const yes = e.k === "logic" && e.op === "&&" && asks(e.l, test) === true;
    return yes ? { only: [e.r.at], fails: false } : undefined;
  }
  if (stmt.s !== "if") return undefined;
  const yes = asks(stmt.test, test);
  if (yes === undefined) return undefined;
  const then = yes ? stmt.then : (stmt.else ?? []);
  const otherwise = yes ? stmt.else : stmt.then;
  if (otherwise && otherwise.length > 0) {
    if (fails(otherwise))
      return { only: spansOf(then.length > 0 ? then : list.slice(index + 1)), fails: true };
    // `if (!(x instanceof C)) return;` and then the work
    return !yes && then.length === 0 && isBareReturn(otherwise)
      ? { only: spansOf(list.slice(index + 1)), fails: false }
      : undefined;
  }
  return leaves(then) ? undefined : { only: spansOf(then), fails: false };
}

/** Whether a condition says yes only if the test does (true), or only if it does not (false). */
function asks(condition: Expr, test: Test): boolean | undefined {
  if (condition === test.e) return !test.negated;
  if (condition.k === "not") {
    const inner = asks(condition.e, test);
    return inner === undefined || condition.e.k === "logic" ? undefined : !inner;
  }
  if (condition.k !== "logic" || condition.op !== "&&") return undefined;
  const yes = asks(condition.l, test) ?? asks(condition.r, test);
  return yes === true ? true : undefined;
}

const spansOf = (list: readonly Stmt[]): Span[] => list.map((s) => s.at);

const fails = (list: readonly Stmt[]): boolean => list.at(-1)?.s === "throw";

const isBareReturn = (list: readonly Stmt[]): boolean => {
  const [only, ...more] = list;
  return only?.s === "block"
    ? isBareReturn(only.body)
    : only?.s === "return" && only.e === undefined && more.length === 0;
};
