import type { Call, Span } from "../syntax/ir.js";
import type { Reached } from "../program/reach.js";
import { nameOf } from "./waits.js";

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];
const stepsOf = ({ path, call }: Reached): readonly Call[] => [...path, call];

/**
 * Whether a call comes later than another one on the way from the same functions: further down in the function in which their ways
 * part, or in what the other is given to call. What `Promise.all` starts together comes together.
 */
export function comesLater(later: Reached, earlier: Reached, reached: readonly Reached[]): boolean {
  const [a, b] = [stepsOf(earlier), stepsOf(later)];
  const parting = b.findIndex((call, at) => call !== a[at]);
  if (parting < 0) return false;
  const [first, second] = [a[parting], b[parting]];
  // all of the way to the earlier one leads to this one
  if (!first || !second) return first === undefined;
  const home = (call: Call): Reached | undefined => reached.find((r) => r.call === call);
  const [from, to] = [home(first), home(second)];
  if (!from || from.fn.module !== to?.fn.module) return false;
  if (within(first.at, second.at)) return callbackHolds(first, second) === false;
  if (first.at[0] >= second.at[0]) return false;
  return !from.fn.module.calls.some(
    ({ call }) =>
      /^(all|allSettled)$/.test(nameOf(call)) && within(first.at, call.at) && within(second.at, call.at),
  );
}

/** `a().then(b)`: what is called on the result comes later; what is given to a call is part of it. */
const callbackHolds = (inner: Call, outer: Call): boolean =>
  outer.args.some((argument) => within(inner.at, argument.at));
