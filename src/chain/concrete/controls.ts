import type { Binding, Call, Expr, Fn, Span, Stmt } from "../../syntax/ir.js";
import { listsOf, operandsOf } from "../../syntax/parts.js";
import { contains, leaves, stepsTo, type Read } from "./assigned.js";

/** A test that decides whether a place is come to, and which way it has to turn out; `asserted`: the call of a statement before. */
export interface Control {
  test: Expr;
  turns: boolean | "asserted";
  fn: Fn;
}

/** The tests that decide whether a place is come to: of its function, and of those in which that stands. */
export function controlsOf({ at, fn }: Read): Control[] {
  const found: Control[] = [];
  for (let f: Fn | undefined = fn, place = at; f; place = f.at, f = f.parent) {
    found.push(...within(f, place));
  }
  return found;
}

/** Whether a loop may be left before its test says so. */
const isLeft = (body: readonly Stmt[]): boolean =>
  body.some((s) => s.s === "break" || listsOf(s).some(isLeft));

/** What may throw where a value is not what is expected. */
const ASSERTS = /assert|invariant|ensure|expect|check|verify|must|require|guard/i;

const calleeName = ({ callee }: Call): string | undefined =>
  callee.k === "id" ? callee.name : callee.k === "mem" ? callee.p : undefined;

function within(fn: Fn, at: Span): Control[] {
  const found: Control[] = [];
  const control = (test: Expr, turns: Control["turns"]): void => void found.push({ test, turns, fn });
  for (const { list, index, stmt, into } of stepsTo(fn.body, at)) {
    for (const before of list.slice(0, index)) {
      if (before.s === "if" && leaves(before.then)) control(before.test, false);
      else if (before.s === "if" && before.else && leaves(before.else)) control(before.test, true);
      else if (before.s === "loop" && before.test && !isLeft(before.body)) control(before.test, false);
      else if (before.s === "expr" && before.e.k === "call" && ASSERTS.test(calleeName(before.e) ?? ""))
        control(before.e, "asserted");
    }
    if (stmt.s === "if" && into) control(stmt.test, into === stmt.then);
    else if (stmt.s === "loop" && into && stmt.test) control(stmt.test, true);
    else if (stmt.s === "switch" && into) control(stmt.on, "asserted");
    if (!into) for (const e of ownExpressions(stmt)) inside(e, at, control);
  }
  return found;
}

const ownExpressions = (s: Stmt): readonly Expr[] =>
  s.s === "expr" || s.s === "throw"
    ? [s.e]
    : s.s === "return"
      ? s.e
        ? [s.e]
        : []
      : s.s === "if"
        ? [s.test]
        : [];

function inside(e: Expr, at: Span, control: (test: Expr, turns: boolean) => void): void {
  if (!contains(e.at, at)) return;
  if (e.k === "cond" && contains(e.then.at, at)) control(e.test, true);
  if (e.k === "cond" && contains(e.else.at, at)) control(e.test, false);
  if (e.k === "logic" && contains(e.r.at, at)) control(e.l, e.op === "&&");
  for (const o of operandsOf(e)) inside(o, at, control);
}

/** Whether a place stands in a short `try` whose handler deals with its failure. */
export const isAttempt = ({ at, fn }: Read): boolean =>
  stepsTo(fn.body, at).some(
    ({ stmt, into }) =>
      stmt.s === "try" && into === stmt.block && stmt.handler !== undefined && into.length <= 3,
  );

/** A variable, or a field of the class by its name. */
export type Root = Binding | string;

/** The variables and fields that an expression reads as a whole, through other names of them. */
export function rootsOf(e: Expr, depth = 0): Root[] {
  if (depth > 8) return [];
  if (e.k === "mem") return e.o.k === "this" && e.p !== undefined ? [e.p] : [];
  if (e.k === "await") return rootsOf(e.e, depth + 1);
  if (e.k !== "id" || !e.bind) return [];
  const { bind } = e;
  const [value] = bind.values;
  return value && bind.values.length === 1 && bind.kind === "var"
    ? [bind, ...rootsOf(value, depth + 1)]
    : [bind];
}

/** Whether an expression is one of these variables and fields, under whatever name. */
export const isRootedIn = (e: Expr, roots: readonly Root[]): boolean =>
  rootsOf(e).some((r) => roots.includes(r));

/** Whether an expression reads one of these variables and fields anywhere in it. */
export const mentions = (e: Expr, roots: readonly Root[]): boolean =>
  isRootedIn(e, roots) || operandsOf(e).some((o) => mentions(o, roots));

/** The last names that a test reads, with whether they have to hold: `config.tracing` is `tracing`. */
export function namesIn(test: Expr, holds: boolean | undefined): Map<string, boolean | undefined> {
  if (test.k === "not") return namesIn(test.e, holds === undefined ? undefined : !holds);
  if (test.k === "id") return new Map([[test.name, holds]]);
  if (test.k === "mem" && test.p !== undefined) return new Map([[test.p, holds]]);
  // `a && b` holds when both do, `a || b` fails when both do
  const both = test.k === "logic" && test.op === (holds ? "&&" : "||") ? holds : undefined;
  const names = new Map<string, boolean | undefined>();
  if (both !== undefined) return new Map(operandsOf(test).flatMap((o) => [...namesIn(o, both)]));
  for (const o of operandsOf(test))
    for (const name of namesIn(o, undefined).keys()) names.set(name, undefined);
  return names;
}
