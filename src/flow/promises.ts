import type { Call } from "../syntax/ir.js";
import { invoke } from "./callbacks.js";
import { drop } from "./drops.js";
import type { Frame, Result, Settle } from "./frame.js";
import { afterAwait, afterFlush, has, NONE, State, type States } from "./state.js";
import { merge } from "./settling.js";
import type { Walk } from "./walk.js";

const AS_CALL = { as: "call" } as const;
const CHAIN = new Set(["then", "catch", "finally"]);

/** `p.then(f, g)`, `p.catch(g)`, `p.finally(h)`; undefined when the call is none of them. */
export function chained(walk: Walk, frame: Frame, call: Call, states: States): Result | undefined {
  const { callee } = call;
  if (callee.k !== "mem" || callee.p === undefined || !CHAIN.has(callee.p)) return undefined;
  const object = walk.value(frame, callee.o, states);
  const given: Settle = object.settle ?? { ok: afterAwait(object.states), err: afterAwait(object.states) };
  // a flush that failed has been tried: it is not a missing one
  const from =
    has(given.ok, State.Flushed) || given.ends ? { ok: given.ok, err: afterFlush(given.err) } : given;
  const [first, second] = call.args;
  if (callee.p === "finally") {
    const done = first ? invoke(walk, frame, first, from.ok, call, AS_CALL) : undefined;
    const failed = first && from.err ? invoke(walk, frame, first, from.err, call, AS_CALL) : undefined;
    return {
      states: object.states,
      settle: { ok: done ? done.ok : from.ok, err: (failed ? failed.ok : from.err) | (done?.err ?? NONE) },
    };
  }
  const onOk = callee.p === "then" ? first : undefined;
  const onErr = callee.p === "catch" ? first : second;
  const settle: Settle = { ok: NONE, err: NONE };
  const ok = onOk ? invoke(walk, frame, onOk, from.ok, call, AS_CALL) : undefined;
  settle.ok |= ok ? ok.ok : from.ok;
  settle.err |= ok?.err ?? NONE;
  if (onErr?.k === "fn" && from.err === NONE) walk.unneeded.add(onErr.fn);
  const err = onErr && from.err ? invoke(walk, frame, onErr, from.err, call, AS_CALL) : undefined;
  settle.ok |= err ? err.ok : NONE;
  settle.err |= err ? err.err : onErr ? NONE : from.err;
  return { states: object.states, settle };
}

/** `Promise.all([...])` and its kin: done when every (or one) element is; a flush among them counts. */
export function combined(args: Result[], states: States): Result {
  let settle: Settle | undefined;
  for (const a of args) if (a.settle) settle = settle ? merge(settle, a.settle) : a.settle;
  if (!settle) return { states };
  if (has(settle.ok, State.Flushed)) {
    // a failure of one of them does not undo the flush
    const ended = State.Flushed | ((settle.ok | settle.err) & State.Idle);
    return { states, settle: { ok: ended, err: ended } };
  }
  return { states, settle: { ok: settle.ok | afterAwait(states), err: settle.err } };
}

/** `new Promise((resolve, reject) => ...)`: settles in the states in which `resolve` and `reject` are called. */
export function constructed(walk: Walk, frame: Frame, call: Call, states: States): Result {
  const [executor] = call.args;
  if (executor?.k !== "fn") return { states, settle: { ok: afterAwait(states), err: NONE } };
  const [resolve, reject] = executor.fn.params.map((p) => p[0]);
  for (const sink of [resolve, reject]) if (sink) walk.pending.delete(sink);
  const inner = walk.run(executor.fn, states, { call, fn: executor.fn, as: "callback" }, frame.inTimer);
  const ok = resolve && walk.pending.get(resolve)?.ok;
  // nobody waits for an async executor, only for its `resolve`
  if (executor.fn.async && has(inner.ok, State.Flushed) && ok !== undefined && !has(ok, State.Flushed))
    drop(walk, frame, call, states, "executor");
  const err = reject && walk.pending.get(reject)?.ok;
  return {
    states: inner.ok || states,
    settle: { ok: ok ?? afterAwait(inner.ok || states), err: (err ?? NONE) | inner.err },
  };
}
