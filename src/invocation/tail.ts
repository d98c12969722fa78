import { eachExpression } from "../chain/walk.js";
import type { Hit } from "../flow/world.js";
import type { Expr, Fn, Span, Stmt } from "../syntax/ir.js";
import { listsOf } from "../syntax/parts.js";

/** A call on the way to a hit, outermost first, with the function it stands in. */
export interface OnTheWay {
  fn: Fn;
  at: Span;
}

/** The calls through which a hit is reached; the last one is its own. */
export const wayTo = (hit: Hit): OnTheWay[] =>
  hit.stack.flatMap((step, i) => {
    const call = hit.stack[i + 1]?.call ?? hit.call;
    return call ? [{ fn: step.fn, at: call.at }] : [];
  });

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

/**
 * Whether the function goes on to wait for something else behind a hit: what left when it was captured has the time to arrive.
 * Where the branch of the hit leaves the function, only what stands in that branch counts.
 */
export const waitsBehind = (hit: Hit): boolean =>
  wayTo(hit).some(({ fn, at }) => awaitsAfter(fn.body, at) === "yes");

/** `left`: nothing is waited for, and what follows these statements is not reached. */
function awaitsAfter(body: readonly Stmt[], at: Span): "yes" | "no" | "left" {
  const index = body.findIndex((s) => within(at, s.at));
  const here = body[index];
  if (!here) return "no";
  const inner = listsOf(here).find((list) => list.some((s) => within(at, s.at)));
  if (inner) {
    const found = awaitsAfter(inner, at);
    if (found !== "no") return found === "left" && here.s === "try" ? finalizes(here) : found;
    // the next round of a loop waits as well
    if (here.s === "loop" && (here.awaits || hasAwait(here.body))) return "yes";
    if (here.s === "try" && here.finalizer && hasAwait(here.finalizer)) return "yes";
  } else if (hasAwait([here], at[1])) return "yes";
  for (const next of body.slice(index)) {
    if (next !== here && hasAwait([next])) return "yes";
    if (next.s === "return" || next.s === "throw") return "left";
  }
  return "no";
}

const finalizes = (s: Stmt & { s: "try" }): "yes" | "left" =>
  s.finalizer && hasAwait(s.finalizer) ? "yes" : "left";

function hasAwait(body: readonly Stmt[], after = -1): boolean {
  let found = false;
  eachExpression(body, (e) => {
    if (e.k === "await" && e.at[0] >= after) found = true;
  });
  return found;
}

/**
 * Whether a helper on the way captures only for some values of what it is given (`if (level === "error")`): what a call of it
 * gives is not known here.
 * @param from where on the way the helpers begin
 */
export const dependsOnArgument = (hit: Hit, from: Fn): boolean => {
  const way = wayTo(hit);
  const start = way.findIndex(({ fn }) => fn === from);
  return way.slice(start + 1).some(({ fn, at }) => isChosen(fn.body, at, fn));
};

function isChosen(body: readonly Stmt[], at: Span, fn: Fn): boolean {
  const here = body.find((s) => within(at, s.at));
  if (!here) return false;
  const tests = here.s === "if" ? [here.test] : here.s === "switch" ? [here.on] : [];
  const inner = listsOf(here).find((list) => list.some((s) => within(at, s.at)));
  // what leaves early for some values is a choice as well
  const early = body
    .slice(0, body.indexOf(here))
    .some((s) => s.s === "if" && leaves(s.then) && asks(s.test, fn));
  return (
    early ||
    (inner !== undefined &&
      (tests.some((t) => asks(t, fn) || here.s === "switch") || isChosen(inner, at, fn)))
  );
}

const leaves = (body: readonly Stmt[]): boolean => body.at(-1)?.s === "return";

/** The test compares a parameter, or something that was worked out from one, with a literal, or looks it up. */
function asks(test: Expr, fn: Fn): boolean {
  let found = false;
  const isGiven = (e: Expr): boolean =>
    e.k === "id"
      ? e.bind !== undefined &&
        (fn.params.flat().includes(e.bind) || (e.bind.owner === fn && e.bind.kind === "var"))
      : e.k === "mem" && isGiven(e.o);
  eachExpression([{ s: "expr", e: test, at: test.at }], (e) => {
    if (e.k === "cmp" && (e.l.k === "lit" || e.r.k === "lit") && (isGiven(e.l) || isGiven(e.r))) found = true;
    if (e.k === "call" && e.args.some(isGiven)) found = true;
  });
  return found;
}
