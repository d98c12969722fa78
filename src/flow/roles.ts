import { canFlush } from "../facts/flushable.js";
import type { Value } from "../facts/value.js";
import type { CallFacts, Vendor } from "../knowledge/schema.js";
import type { Call, Expr } from "../syntax/ir.js";
import { invoke } from "./callbacks.js";
import type { Frame, Result } from "./frame.js";
import { afterCapture, afterClosing, afterFlush, afterStart, type States } from "./state.js";
import type { Walk } from "./walk.js";

/** What a call with a role does to the lifecycle. */
export function applyRole(
  walk: Walk,
  frame: Frame,
  call: Call,
  value: Value,
  facts: CallFacts,
  vendor: Vendor,
  states: States,
): Result {
  const hit = {
    at: call.at,
    call,
    fn: frame.fn,
    states,
    vendor,
    facts,
    value,
    inTimer: frame.inTimer,
    captured: walk.captured,
    caught: frame.handlers.length > 0,
  };
  switch (facts.role) {
    case "start":
      walk.hit({ kind: "start", ...hit });
      // what fails to start has nothing to lose
      return { states: afterStart(states), settle: { ok: afterStart(states), err: states }, started: true };
    case "capture": {
      walk.hit({ kind: "capture", ...hit });
      // nobody can wait for what it sends: that an exit cuts it off is no matter of a flush
      if (!canFlush(vendor)) return runCaptureCallback(walk, frame, call, facts, states);
      walk.captured = { call, fn: frame.fn };
      const captured = afterCapture(states);
      if (facts.style === "promise" && !call.args.some((a) => a.k === "fn"))
        return { states: captured, settle: { ok: afterFlush(captured), err: afterFlush(captured) } };
      return runCaptureCallback(walk, frame, call, facts, captured);
    }
    case "flush":
    case "close":
      walk.hit({ kind: "flush", ...hit });
      return flush(walk, frame, call, facts, states);
    case "create":
    case "drop":
      return { states };
  }
}

/** Captures that run a function of the program (`startActiveSpan(name, fn)`) or tell their end to a callback. */
function runCaptureCallback(walk: Walk, frame: Frame, call: Call, facts: CallFacts, states: States): Result {
  const told = facts.callback ? callbackOf(call, facts) : undefined;
  if (told) {
    invoke(walk, frame, told, afterFlush(states), call);
    return { states };
  }
  const fn = call.args.findLast((a) => a.k === "fn" || a.k === "id");
  if (!fn || (fn.k === "id" && fn.bind?.kind !== "function")) return { states };
  const inner = invoke(walk, frame, fn, states, call);
  return inner.promise
    ? { states: inner.now, settle: { ok: inner.ok, err: inner.err } }
    : { states: inner.ok || states };
}

function flush(walk: Walk, frame: Frame, call: Call, facts: CallFacts, states: States): Result {
  const under = afterClosing(states);
  const done = afterFlush(states);
  const callback = callbackOf(call, facts);
  if (callback) {
    const inner = invoke(walk, frame, callback, done, call);
    return facts.style === "promise-or-callback"
      ? { states: under, settle: { ok: inner.ok, err: done } }
      : { states: under };
  }
  switch (facts.style) {
    case "sync":
      return { states: done };
    case "promise":
    case "promise-or-callback":
    case "wrapper":
      return { states: under, settle: { ok: done, err: done } };
    default:
      return { states: under };
  }
}

function callbackOf(call: Call, facts: CallFacts): Expr | undefined {
  if (!facts.callback) return undefined;
  // the callback comes last, and may come early where optional arguments are left out
  const last = call.args.at(-1);
  const early = facts.callback.property === undefined && last?.k === "fn" ? last : undefined;
  const argument = call.args[facts.callback.argument] ?? early;
  if (!argument) return undefined;
  const { property } = facts.callback;
  if (property === undefined)
    return argument.k === "fn" || argument.k === "id" || argument.k === "mem" ? argument : undefined;
  return argument.k === "obj" ? argument.props.find((p) => p.name === property)?.value : undefined;
}
