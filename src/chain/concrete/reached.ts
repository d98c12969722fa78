import type { Expr, Fn, Span } from "../../syntax/ir.js";
import { controlsOf, isAttempt, mentions, namesIn, rootsOf } from "./controls.js";
import { expressionsIn } from "../walk.js";
import type { Wrapping } from "./wrapping.js";

/**
 * Whether no test of the value, and no condition that has to do with the wrapping, keeps the wrapper from a place.
 * @param of what may be the wrapper, as it is named there
 */
export function isReached(e: Expr, of: Expr, fn: Fn, wrapping: Wrapping): boolean {
  const read = { at: e.at, fn };
  const roots = rootsOf(of);
  const controls = controlsOf(read);
  if (isAttempt(read) || controls.some(({ test }) => mentions(test, roots))) return false;
  return !isCorrelated(e.at, of, fn, wrapping);
}

/** Whether a place and the wrapping hang on conditions with the same names that do not turn out the same way. */
export function isCorrelated(at: Span, of: Expr, fn: Fn, wrapping: Wrapping): boolean {
  const names = (read: { at: Span; fn: Fn }): Map<string, boolean | undefined> =>
    new Map(
      controlsOf(read).flatMap(({ test, turns }) => (turns === "asserted" ? [] : [...namesIn(test, turns)])),
    );
  const wraps = names(wrapping);
  for (const place of wrappingPlaces(of)) for (const [name, holds] of names(place)) wraps.set(name, holds);
  return [...names({ at, fn })].some(
    ([name, holds]) => wraps.has(name) && (holds === undefined || wraps.get(name) !== holds),
  );
}

/** Where the variable behind an expression gets its values. */
function wrappingPlaces(e: Expr): { at: Span; fn: Fn }[] {
  return rootsOf(e).flatMap((root) => {
    if (typeof root === "string") return [];
    return expressionsIn(root.owner.module).flatMap(({ e: set, fn }) =>
      set.k === "set" && set.to.k === "id" && set.to.bind === root ? innerCalls(set.e, fn) : [],
    );
  });
}

/** The calls that may make a value: also those in the arms of a condition. */
function innerCalls(e: Expr, fn: Fn): { at: Span; fn: Fn }[] {
  if (e.k === "cond") return [...innerCalls(e.then, fn), ...innerCalls(e.else, fn)];
  if (e.k === "logic") return [...innerCalls(e.l, fn), ...innerCalls(e.r, fn)];
  return e.k === "call" && e.args.length > 0 ? [{ at: e.at, fn }] : [];
}
