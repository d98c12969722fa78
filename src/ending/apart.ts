import type { Hit } from "../flow/world.js";
import type { Fn, Span } from "../syntax/ir.js";
import { areAlternatives, leavesBefore } from "../program/branches.js";

/** The ways to two hits part in one function, in branches of which only one runs: `if (isDaemon) await import("./daemon.js"); else main()`. */
export function areApart(a: Hit, b: Hit): boolean {
  const [from, to] = [placesOf(a), placesOf(b)];
  for (const [i, one] of from.entries()) {
    const other = to[i];
    if (!one || !other || one.fn !== other.fn) return false;
    if (one.at === other.at || (one.at[0] === other.at[0] && one.at[1] === other.at[1])) continue;
    const { body } = one.fn;
    return areAlternatives(body, one.at, other.at) || leavesBefore(body, one.at, other.at, []);
  }
  return false;
}

/**
 * A class is made without any of the options that it takes, and what it starts stands behind a condition:
 * `export const client = new Client()`, which observes itself only where it is told to.
 */
export const isUntold = ({ stack, guards }: Hit): boolean =>
  stack.some(
    ({ call, fn, guards: around = 0 }) =>
      call?.isNew === true && call.args.length === 0 && fn.params.length > 0 && guards > around,
  );

/** Functions of two files that somebody else calls, each for itself: handlers of two commands. */
export function areOfTwoHandlers(a: Hit, b: Hit): boolean {
  const [one, other] = [a.stack[0], b.stack[0]];
  return one?.as === "callback" && other?.as === "callback" && one.fn.module.file !== other.fn.module.file;
}

interface Place {
  fn: Fn;
  at: Span;
}

/** Where the path stands in each of the functions that it goes through; as far as it is known. */
function placesOf({ stack, fn, at }: Hit): (Place | undefined)[] {
  const [first, ...rest] = stack;
  if (!first) return [{ fn, at }];
  const places: (Place | undefined)[] = rest.map((step, i) => {
    const span = step.call?.at ?? step.at;
    const outer = stack[i]?.fn;
    return span && outer ? { fn: outer, at: span } : undefined;
  });
  return [...places, { fn, at }];
}
