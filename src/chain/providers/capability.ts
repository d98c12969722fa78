import type { Expr, Fn, Module, Span, Stmt } from "../../syntax/ir.js";
import { evaluates, expressionsOf, listsOf, operandsOf } from "../../syntax/parts.js";
import type { RemovedUse } from "./removed-uses.js";
import { isSame } from "../same.js";
import { eachExpression, expressionsIn } from "../walk.js";

/** Words of a program that tells versions apart. */
const VERSIONS = /version|major|semver|legacy|compat|v[12]\b|sdk[12]/i;

/**
 * Whether the program sees to it that a member is only used where it is there: asks for it (`typeof p.m`, `"m" in p`, `p.m?.()`),
 * tells versions apart, or does without it in a `catch`.
 */
export const isGuarded = (use: RemovedUse): boolean =>
  asksFor(use) || tellsVersions(use) || goesOnWithout(use);

/** The member is asked for somewhere in the module: named in a string, called with `?.`, or read where only its being there matters. */
export function asksFor({ member, fn }: RemovedUse): boolean {
  const { module } = fn;
  const isMember = (e: Expr): boolean => e.k === "mem" && e.p === member.name;
  const inTests = member.property ? questionsIn(module) : undefined;
  const calls = new Set(module.calls.flatMap(({ call }) => (call.optional ? [] : [call.callee])));
  return expressionsIn(module).some(({ e }) => {
    if (e.k === "lit") return e.v === member.name;
    if (e.k === "mem" && e.optional && isMember(e.o)) return true;
    return isMember(e) && (inTests ? inTests.has(e) : !calls.has(e));
  });
}

/** What stands as a condition, or is only compared or asked for its type. */
function questionsIn(module: Module): Set<Expr> {
  const found = new Set<Expr>();
  for (const { e } of expressionsIn(module)) {
    if (e.k === "cond") found.add(e.test);
    if (e.k === "logic") found.add(e.l);
    if (e.k === "not") found.add(e.e);
    if (e.k === "cmp")
      [e.l, e.r].forEach((side) => found.add(side.k === "seq" && side.es[0] ? side.es[0] : side));
  }
  const within = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.s === "if") found.add(s.test);
      listsOf(s).forEach(within);
    }
  };
  for (const fn of module.fns) within(fn.body);
  return found;
}

/** A condition around the use speaks of versions. */
const tellsVersions = ({ fn, at }: RemovedUse): boolean =>
  testsAround(fn, at).some((test) =>
    evaluates(
      test,
      (e) =>
        (e.k === "id" && VERSIONS.test(e.name)) || (e.k === "mem" && e.p !== undefined && VERSIONS.test(e.p)),
    ),
  );

const isIn = ([start, end]: Span, outer: Span): boolean => outer[0] <= start && end <= outer[1];

/** The conditions of the branches around a place, in its function and those around it. */
export function testsAround(fn: Fn, at: Span): Expr[] {
  const own = [...inBody(fn.body, at)];
  return fn.parent ? [...testsAround(fn.parent, fn.at), ...own] : own;
}

function* inBody(body: readonly Stmt[], at: Span): Generator<Expr> {
  for (const s of body) {
    if (!isIn(at, s.at)) continue;
    if (s.s === "if") yield s.test;
    for (const e of expressionsOf(s)) yield* inExpression(e, at);
    for (const list of listsOf(s)) yield* inBody(list, at);
  }
}

function* inExpression(e: Expr, at: Span): Generator<Expr> {
  if (!isIn(at, e.at)) return;
  if (e.k === "cond" && !isIn(at, e.test.at)) yield e.test;
  if (e.k === "logic" && isIn(at, e.r.at)) yield e.l;
  for (const o of operandsOf(e)) yield* inExpression(o, at);
}

/** The `catch` around the use goes on with the same provider. */
function goesOnWithout({ fn, at, read }: RemovedUse): boolean {
  let found = false;
  const within = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (!isIn(at, s.at)) continue;
      if (s.s === "try" && s.handler && s.block.some((inner) => isIn(at, inner.at)))
        eachExpression(s.handler, (e) => (found ||= isSame(e, read.o)));
      listsOf(s).forEach(within);
    }
  };
  within(fn.body);
  return found;
}
