import type { Call, Expr, Fn, Module, Span } from "../../syntax/ir.js";
import { contains } from "./assigned.js";
import { readingsOf } from "./asked.js";
import { isRootedIn, rootsOf } from "./controls.js";
import type { Evaluator } from "./evaluate.js";
import { branchOf, testOf, type Test } from "./guards.js";
import type { Held } from "./holding.js";
import { expressionsIn } from "../walk.js";
import { lacking, nameOf, typeName } from "./lacks.js";
import { wrappingsOf } from "./may-wrap.js";
import { isCorrelated, isReached } from "./reached.js";
import { needsOf } from "./handed.js";
import { isA, type Wrapping } from "./wrapping.js";

/** A use that only what is inside of a wrapper can serve. */
export interface Reliance {
  fn: Fn;
  /** The member that is read, the test, or the argument of a call. */
  at: Span;
  /** What may be the wrapper, as the use names it. */
  subject: Expr;
  /** The other places that need what is inside: those in the branch of a test. */
  more: readonly Expr[];
  wrapping: Wrapping;
  /** The member that the wrapper does not have; undefined for a test whose branch hands the value on. */
  member: string | undefined;
  /** Where that member is read. */
  use: { fn: Fn; at: Span } | undefined;
  /** The class that the use takes it for. */
  type: string | undefined;
  /**
   * `fails`: at this place. `refused`: the program throws otherwise. `skipped`: nothing is done instead. `optional`: the same, and
   * `?.` says that it may be so.
   */
  how: "fails" | "refused" | "skipped" | "optional";
}

/** The class that a cast names for an expression, where it is one of the program or of a package. */
export type CastTo = (e: Expr) => Held | undefined;

/**
 * Every use in a module that relies on what is inside of a wrapper.
 * @param wraps whether the module or one that it imports wraps something; else only casts and tests of classes are looked at
 */
export function reliancesIn(
  module: Module,
  evaluator: Evaluator,
  castTo: CastTo,
  wraps: boolean,
): Reliance[] {
  const { asked, needed, optional, written } = readingsOf(module);
  return expressionsIn(module).flatMap(({ e, fn }): Reliance[] => {
    const test =
      testOf(e, fn, evaluator) ?? (wraps && e.k === "mem" && asked.has(e) ? presence(e) : undefined);
    if (test) {
      const call = optional.get(e);
      return call && test.name !== undefined ? optionally(test, fn, evaluator) : tested(test, fn, evaluator);
    }
    if (e.k === "call") return handed(e, fn, evaluator, castTo, wraps);
    if (e.k !== "mem" || e.p === undefined || written.has(e) || asked.has(e)) return [];
    const cast = castTo(e.o);
    if (!cast && (!wraps || !needed.has(e) || !isPlain(e.o))) return [];
    const wrapping = lacking(e.o, e.p, fn, evaluator, cast);
    if (!wrapping || !isReached(e, e.o, fn, wrapping)) return [];
    const type = typeName(e.p, wrapping, cast, evaluator);
    const use = { fn, at: e.at };
    return [{ fn, at: e.at, subject: e.o, more: [], wrapping, member: e.p, use, type, how: "fails" }];
  });
}

/** The value is given to a function of the program that needs more of it than the wrapper has. */
function handed(call: Call, fn: Fn, evaluator: Evaluator, castTo: CastTo, wraps: boolean): Reliance[] {
  return call.args.flatMap((arg, index): Reliance[] => {
    const cast = castTo(arg);
    if (!cast && !(wraps && isPlain(arg))) return [];
    if (wrappingsOf(arg, fn, evaluator).length === 0) return [];
    for (const need of needsOf(call, index, fn, evaluator)) {
      const wrapping = lacking(arg, need.member, fn, evaluator, cast);
      if (!wrapping || !isReached(arg, arg, fn, wrapping)) continue;
      const type = typeName(need.member, wrapping, cast, evaluator);
      const use = { fn: need.fn, at: need.e.at };
      return [
        { fn, at: arg.at, subject: arg, more: [], wrapping, member: need.member, use, type, how: "fails" },
      ];
    }
    return [];
  });
}

/** A variable or a field of the class. */
const isPlain = (e: Expr): boolean => e.k === "id" || (e.k === "mem" && e.o.k === "this");

const presence = (e: Expr & { k: "mem" }): Test | undefined =>
  e.p === undefined ? undefined : { of: e.o, name: e.p, negated: false, e };

/** A test that only what is inside passes, whose branch needs the value, and for which nothing stands in. */
function tested(test: Test, fn: Fn, evaluator: Evaluator): Reliance[] {
  const branch = branchOf(test, fn);
  const wrapping = branch && failing(test, fn, evaluator);
  if (!branch || !wrapping) return [];
  const roots = rootsOf(test.of);
  if (roots.length === 0 || wrapsAgain(branch.only, fn, roots)) return [];
  const uses = usesIn(branch.only, fn, roots, wrapping);
  const [span] = branch.only;
  if (uses.length === 0 || !span || isCorrelated(span, test.of, fn, wrapping)) return [];
  const read = uses.find((u) => u.member !== undefined);
  const type = test.type ? nameOf(test.type) : typeName(test.name ?? "", wrapping, undefined, evaluator);
  return [
    {
      fn,
      at: test.e.at,
      subject: test.of,
      more: uses.map((u) => u.e),
      wrapping,
      member: test.name ?? read?.member,
      use: read && { fn: read.fn, at: read.at },
      type,
      how: branch.fails ? "refused" : "skipped",
    },
  ];
}

/** `channel.register?.(...)`: nothing is done where the wrapper has no such method. */
function optionally(test: Test, fn: Fn, evaluator: Evaluator): Reliance[] {
  const wrapping = test.name === undefined ? undefined : lacking(test.of, test.name, fn, evaluator);
  if (!wrapping || test.name === undefined) return [];
  const type = typeName(test.name, wrapping, undefined, evaluator);
  return [
    {
      fn,
      at: test.e.at,
      subject: test.of,
      more: [],
      wrapping,
      member: test.name,
      use: undefined,
      type,
      how: "optional",
    },
  ];
}

/** The wrapper that does not pass a test though what is inside would. */
function failing({ of, type, name }: Test, fn: Fn, evaluator: Evaluator): Wrapping | undefined {
  if (name !== undefined) return lacking(of, name, fn, evaluator);
  if (!type || (type.is !== "class" && type.is !== "package")) return undefined;
  if (type.is === "class" && type.cls.members.has("@@hasInstance")) return undefined;
  return wrappingsOf(of, fn, evaluator).find(
    (w) => !w.isA(type) && w.inner.some((h) => isMadeOf(h, type, evaluator)),
  );
}

const isMadeOf = (h: Held, type: Held, evaluator: Evaluator): boolean =>
  (h.is === "instance" || h.is === "foreign") && isA(h, type, evaluator);

/** Whether the branch of a test puts something else into the variable: it asks in order to wrap. */
const wrapsAgain = (spans: readonly Span[], fn: Fn, roots: ReturnType<typeof rootsOf>): boolean =>
  expressionsIn(fn.module).some(
    ({ e }) => e.k === "set" && spans.some((s) => contains(s, e.at)) && isRootedIn(e.to, roots),
  );

/** The value in a branch, where it is read or handed on; `member` is one that the wrapper does not have. */
interface Use {
  e: Expr;
  member: string | undefined;
  at: Span;
  fn: Fn;
}

/** The uses of the value in a branch that need the class: a member that the wrapper lacks, or handing it on. */
function usesIn(
  spans: readonly Span[],
  { module }: Fn,
  roots: ReturnType<typeof rootsOf>,
  wrapping: Wrapping,
): Use[] {
  return expressionsIn(module).flatMap(({ e, fn }): Use[] => {
    if (!spans.some((s) => contains(s, e.at))) return [];
    if (e.k === "mem" && e.p !== undefined && isRootedIn(e.o, roots) && !wrapping.has(e.p))
      return [{ e: e.o, member: e.p, at: e.at, fn }];
    const given = e.k === "call" ? e.args.filter((a) => isRootedIn(a, roots)) : [];
    return given.map((a) => ({ e: a, member: undefined, at: a.at, fn }));
  });
}
