/** Promises that nobody takes, and awaits that wait for nothing. */
import type { Call, Expr } from "../syntax/ir.js";
import type { Frame, Result } from "./frame.js";
import { afterFloating, has, State, type States } from "./state.js";
import type { Walk } from "./walk.js";
import type { Hit } from "./world.js";

/** An expression statement: a promise that nobody takes is left to itself. */
export function discard(walk: Walk, frame: Frame, result: Result, e: Expr, states: States): States {
  if (!result.settle || result.started || e.k === "set") return result.states;
  const flushes = has(result.settle.ok, State.Flushed);
  const call = callIn(e);
  if (call && flushes) drop(walk, frame, call, states, "statement");
  return flushes ? result.states : afterFloating(result.states);
}

/** Takes note of a promise that flushes and that nobody takes. */
export function drop(
  walk: Walk,
  frame: Frame,
  call: Call,
  states: States,
  dropped: Hit["dropped"] & string,
): void {
  const { fn, inTimer } = frame;
  walk.hit({ kind: "floating", at: call.at, call, fn, states, inTimer, dropped });
}

/** What is awaited gives no promise, or a list of them that settles at once. */
export const awaitsNoPromise = (walk: Walk, frame: Frame, call: Call, { settle }: Result): boolean =>
  !settle || isListOfPromises(call) || keepsPromise(walk, frame, call);

/** An SDK's object that has the promise in a property, awaited without it. */
const keepsPromise = (walk: Walk, frame: Frame, call: Call): boolean =>
  walk.world.callee(call.callee, frame.fn.module).some((v) => {
    const facts =
      v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
    return facts?.style === "wrapper";
  });

/** `await list.map(async ...)` waits for none of them. */
const isListOfPromises = ({ callee }: Call): boolean =>
  callee.k === "mem" && /^(map|flatMap|filter)$/.test(callee.p ?? "");

/** The call that a statement is about: `void flush()`, `client && client.flush()`. */
function callIn(e: Expr): Call | undefined {
  switch (e.k) {
    case "call":
      return e;
    case "void":
    case "not":
      return callIn(e.e);
    case "logic":
      return callIn(e.r);
    case "cond":
      return callIn(e.then) ?? callIn(e.else);
    case "seq":
      return e.es.length === 1 && e.es[0] ? callIn(e.es[0]) : undefined;
    default:
      return undefined;
  }
}
