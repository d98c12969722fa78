import type { Value } from "../facts/value.js";
import type { Call, Expr, Fn } from "../syntax/ir.js";
import { functionsOf, invoke, passCallbacks, withCapture } from "./callbacks.js";
import { type Frame, identity, type Result, type Settle, type Summary } from "./frame.js";
import { isClosing, soundsLikeFlush } from "./names.js";
import { chained, combined, constructed } from "./promises.js";
import { applyRole } from "./roles.js";
import {
  afterAwait,
  afterClosing,
  afterFloating,
  afterFlush,
  afterStart,
  afterWork,
  has,
  NONE,
  State,
  type States,
  unawaited,
} from "./state.js";
import { join } from "./settling.js";
import type { Walk } from "./walk.js";

/** Calls that do no work of the program: between a start and a close they count as nothing. */
const TRIVIAL =
  /^(console|process|Math|JSON|Object|Array|String|Number|Boolean|Date|Symbol|BigInt|RegExp|Map|Set|WeakMap|Error|URL|path)\b/;

/** Runs one call: its operands, then whatever it can be. */
export function evaluateCall(walk: Walk, frame: Frame, call: Call, states: States): Result {
  const chain = chained(walk, frame, call, states);
  if (chain) return chain;
  const { module } = frame.fn;
  let now = states;
  let object: Result | undefined;
  if (call.callee.k === "mem") {
    object = walk.value(frame, call.callee.o, now);
    now = object.states;
  } else if (call.callee.k !== "id" && call.callee.k !== "fn")
    now = walk.value(frame, call.callee, now).states;
  const args: Result[] = [];
  for (const a of call.args) {
    const one = a.k === "fn" ? { states: now } : walk.value(frame, a, now);
    now = one.states;
    args.push(one);
  }
  if (now === NONE) return { states: NONE };
  if (call.callee.k === "fn") return called(walk, frame, call.callee.fn, call, args, now);
  if (call.callee.k === "id" && call.callee.bind?.kind === "param" && !call.isNew) {
    const elements = walk.elements.get(call.callee.bind);
    if (elements) return eachOf(walk, frame, elements, call, now);
    invoke(walk, frame, call.callee, now, call);
    if (call.callee.bind.values.length === 0 && call.callee.bind.type.length === 0)
      return unknown(walk, frame, call, args, now);
  }
  const values = walk.world.callee(call.callee, module);
  let result: Result | undefined;
  for (const value of values) {
    const one = apply(walk, frame, value, call, args, now);
    if (one) result = result ? join(result, one) : one;
  }
  if (result) return values.length > 1 ? flushIfAny(result) : result;
  collect(walk, call, args);
  return unknown(walk, frame, call, args, now);
}

/** Calls one of several functions of a list: `closers.map((close) => close())`. */
function eachOf(walk: Walk, frame: Frame, fns: Fn[], call: Call, states: States): Result {
  let result: Result = { states: NONE };
  for (const fn of fns) result = join(result, called(walk, frame, fn, call, [], states));
  const flushes = result.settle && has(result.settle.ok, State.Flushed);
  return flushes
    ? { states: result.states, settle: { ok: State.Flushed, err: result.settle?.err ?? NONE } }
    : result;
}

/** One of several functions flushes (`return sdk ? () => sdk.shutdown() : async () => {}`): the others have nothing to flush. */
function flushIfAny(result: Result): Result {
  const { settle } = result;
  if (!settle || !has(settle.ok, State.Flushed)) return result;
  return { states: result.states, settle: { ok: settle.ok & (State.Flushed | State.Idle), err: settle.err } };
}

/** `promises.push(telemetry.flush())`: the list now stands for the flush. */
function collect(walk: Walk, call: Call, args: Result[]): void {
  if (call.callee.k !== "mem" || !/^(push|add|unshift)$/.test(call.callee.p ?? "")) return;
  for (const a of args)
    if (a.settle && has(a.settle.ok, State.Flushed)) walk.remember(call.callee.o, a.settle);
}

function apply(
  walk: Walk,
  frame: Frame,
  value: Value,
  call: Call,
  args: Result[],
  states: States,
): Result | undefined {
  switch (value.v) {
    case "exit":
      return exit(walk, frame, value, call, states);
    case "member":
      return applyRole(walk, frame, call, value, value.member.facts, value.member.cls.vendor, states);
    case "sdk": {
      const { sdk } = value;
      if (sdk.is === "call") return applyRole(walk, frame, call, value, sdk.facts, sdk.vendor, states);
      if (sdk.is === "class" && call.isNew && sdk.cls.facts.construct === "start") {
        walk.hit({
          kind: "start",
          at: call.at,
          call,
          fn: frame.fn,
          states,
          vendor: sdk.cls.vendor,
          value,
          inTimer: frame.inTimer,
        });
        return { states: afterStart(states) };
      }
      if (sdk.is === "class" || sdk.is === "factory") return { states };
      return sdk.is === "namespace" && sdk.path !== "" ? scoped(walk, frame, call, states) : undefined;
    }
    case "fn":
      return called(walk, frame, value.fn, call, args, states);
    case "class":
      return call.isNew ? { states: instantiate(walk, frame, value.cls, call, args, states) } : undefined;
    case "owner":
      return owned(walk, frame, value, call, states);
    case "global": {
      if (value.path === "Promise" && call.isNew) return constructed(walk, frame, call, states);
      if (/^Promise\.(all|allSettled|race|any|resolve)$/.test(value.path)) return combined(args, states);
      return undefined;
    }
    default:
      return undefined;
  }
}

function exit(walk: Walk, frame: Frame, value: Value & { v: "exit" }, call: Call, states: States): Result {
  const { facts } = value;
  if (facts.kind === "soft") return { states };
  if (facts.onlyOwnPid) {
    const target = call.args[facts.onlyOwnPid.argument];
    const own = target?.k === "mem" && target.p === "pid";
    const probe = call.args[1]?.k === "lit" && call.args[1].v === 0;
    if (!own || probe) return { states };
  }
  walk.hit({
    kind: "exit",
    at: call.at,
    call,
    fn: frame.fn,
    states,
    value,
    inTimer: frame.inTimer,
    ...withCapture(walk),
  });
  return { states: NONE };
}

/** A function of the program. */
function called(walk: Walk, frame: Frame, fn: Fn, call: Call, args: Result[], states: States): Result {
  if (fn.generator) return { states };
  if (!walk.world.relevant(fn)) {
    const passed = unknown(walk, frame, call, args, states, true);
    return fn.async && !passed.settle
      ? { states, settle: { ok: afterAwait(states), err: afterAwait(states) } }
      : passed;
  }
  for (const p of fn.params) for (const bind of p) if (bind.kind === "param") walk.pending.delete(bind);
  bindPromises(walk, fn, args);
  const inner = walk.run(fn, states, { call, fn, as: "call" }, frame.inTimer);
  let settle: Settle | undefined = inner.promise ? settleOf(inner) : undefined;
  if (settle) walk.failures.set(call, (walk.failures.get(call) ?? NONE) | settle.err);
  if (!inner.promise) frame.throws(inner.err);
  let now = inner.promise ? inner.now : inner.ok;
  call.args.forEach((a, i) => {
    const bind = fn.params[i]?.[0];
    const at = bind ? walk.pending.get(bind)?.ok : undefined;
    if (functionsOf(walk, frame, a).length === 0) return;
    const back = invoke(walk, frame, a, at ?? afterWaiting(states), call);
    // `done((resolve) => sdk.shutdown(resolve))`: it is handed the end of the flush
    const told = has(back.ok, State.Closing) && a.k === "fn" && a.fn.params.length > 0;
    if ((told || has(back.ok, State.Flushed)) && settle) settle = { ok: State.Flushed, err: settle.err };
  });
  // `await withTimeout(sdk.shutdown(), 5000)`: what is passed in is waited for
  if (settle && args.some((a) => a.settle && has(a.settle.ok, State.Flushed)))
    settle = { ok: State.Flushed, err: settle.err };
  // what had been flushed before the call is not under way again
  if (settle && has(settle.ok, State.Flushed) && !has(states, State.Flushed)) now = unawaited(now);
  return settle ? { states: now, settle } : { states: now };
}

/** A function that waits for the flush and then ends the process itself comes to nothing else: it fails, or it has flushed. */
function settleOf({ ok, err, flushes }: Summary): Settle {
  return ok === NONE && flushes ? { ok, err, ends: true } : { ok, err };
}

/** A function of an SDK that is none of its lifecycle (`withScope`, `startSpan`): what it is given runs at once. */
function scoped(walk: Walk, frame: Frame, call: Call, states: States): Result | undefined {
  const fn = call.args.findLast((a) => functionsOf(walk, frame, a).length > 0);
  if (!fn) return undefined;
  const inner = invoke(walk, frame, fn, states, call, { as: "call" });
  if (inner.promise) return { states: inner.now, settle: { ok: inner.ok, err: inner.err } };
  // what it throws is thrown here
  frame.throws(inner.err);
  return { states: inner.ok === NONE && inner.err !== NONE ? NONE : inner.ok || states };
}

const afterWaiting = (states: States): States => (states === NONE ? NONE : afterWork(states));

function bindPromises(walk: Walk, fn: Fn, args: Result[]): void {
  args.forEach((a, i) => {
    const bind = fn.params[i]?.[0];
    if (bind && a.settle) walk.pending.set(bind, a.settle);
  });
}

function instantiate(
  walk: Walk,
  frame: Frame,
  cls: Fn["cls"] & object,
  call: Call,
  args: Result[],
  states: States,
): States {
  let now = states;
  const parent = cls.superClass ? walk.world.values(cls.superClass, cls.module) : [];
  for (const p of parent) {
    if (p.v === "class" && p.cls !== cls && walk.stack.length < 20)
      now = instantiate(walk, frame, p.cls, call, args, now);
    if (p.v === "sdk" && p.sdk.is === "class" && p.sdk.cls.facts.construct === "start") now = afterStart(now);
  }
  for (const fn of cls.module.fns) {
    if (fn.cls !== cls || fn.kind !== "constructor" || fn === cls.ctor || !walk.world.relevant(fn)) continue;
    if (cls.members.get(fn.name ?? "")?.isStatic) continue;
    now = walk.run(fn, now, { call, fn, as: "call" }, frame.inTimer).ok;
  }
  if (!cls.ctor || !walk.world.relevant(cls.ctor)) return now;
  const inner = walk.run(cls.ctor, now, { call, fn: cls.ctor, as: "call" }, frame.inTimer);
  frame.throws(inner.err);
  return inner.ok;
}

/** A library that owns the end of the process: it waits for what it was given. */
function owned(walk: Walk, frame: Frame, value: Value & { v: "owner" }, call: Call, states: States): Result {
  const { callbacks } = value.facts;
  let later = walk.world.later("event");
  for (const { argument, properties } of callbacks) {
    const given = call.args[argument];
    if (!given) continue;
    const handlers: Expr[] =
      properties && given.k === "obj"
        ? properties.flatMap((name) => given.props.filter((p) => p.name === name).map((p) => p.value))
        : [given];
    // the owner runs them one after the other and waits for each
    for (const h of handlers) later = invoke(walk, frame, h, later, call, { as: "listener" }).ok || later;
  }
  return { states };
}

/**
 * A call of something the program does not show.
 * @param seen it does show it, and there is nothing of telemetry in it
 */
function unknown(walk: Walk, frame: Frame, call: Call, args: Result[], states: States, seen = false): Result {
  const passed: Summary | undefined = passCallbacks(walk, frame, call, states);
  if (walk.world.keeps?.(call)) return kept(args, passed, states);
  const registered =
    isHandedIn(call.callee) && (walk.isEnding(frame) || (isClosing(call) && isBeforeExit(walk, frame, call)));
  if (
    (!seen && soundsLikeFlush(call.callee, frame.fn.module.file)) ||
    registered ||
    wrapsFlush(walk, frame, call.callee) ||
    takesHandle(walk, frame, call)
  )
    return { states: afterClosing(states), settle: { ok: afterFlush(states), err: afterFlush(states) } };
  frame.throwsWeakly(states);
  const flush = args.find((a) => a.settle && has(a.settle.ok, State.Flushed))?.settle;
  if (flush) return { states, settle: flush };
  if (passed?.flushes) return { states: afterWork(states), settle: { ok: passed.ok, err: passed.err } };
  if (passed?.ok === NONE && identity(states).ok !== NONE) {
    // the callback never comes back (it exits): the call itself does
    return { states };
  }
  if (call.callee.k === "mem" && call.callee.p === "listen") {
    const serving = afterFloating(states);
    return { states: serving, settle: { ok: serving, err: states } };
  }
  const captured = passed ? passed.ok & State.Captured : NONE;
  const next = trivial(call) ? states : afterWork(states);
  return captured ? { states: next, settle: { ok: captured, err: passed?.err ?? NONE } } : { states: next };
}

/** What is given is waited for, though not here: a flush in it will end, and what it captures has been captured. */
function kept(args: Result[], passed: Summary | undefined, states: States): Result {
  const after = args.reduce((s, a) => s | (a.settle?.ok ?? NONE), passed?.ok ?? NONE);
  if (has(after, State.Flushed)) return { states: afterFlush(states) };
  return { states: states | (after & State.Captured) };
}

/** In an ending, a function that was handed in from elsewhere (`await handler(signal)`) may be the very flush. */
function isHandedIn(callee: Expr): boolean {
  return callee.k === "id" && callee.bind?.kind === "param" && callee.bind.values.length === 0;
}

/** The function goes on to end the process: `onShutdown("asked").finally(() => process.exit(0))`. */
const isBeforeExit = (walk: Walk, { fn }: Frame, { at }: Call): boolean =>
  fn.module.calls.some(
    (c) =>
      at[1] <= c.call.at[0] &&
      c.call.at[1] <= fn.at[1] &&
      walk.world.callee(c.call.callee, fn.module).some((v) => v.v === "exit"),
  );

/** `promisify(client.flush.bind(client))`, and a name for it. */
function wrapsFlush(walk: Walk, frame: Frame, callee: Expr, depth = 0): boolean {
  if (callee.k === "id")
    return (
      depth < 3 &&
      callee.bind?.values.some((v) => v.k === "call" && wrapsFlush(walk, frame, v, depth + 1)) === true
    );
  if (callee.k !== "call" || callee.isNew) return false;
  return callee.args.some((a) => {
    const member = a.k === "call" && a.callee.k === "mem" && a.callee.p === "bind" ? a.callee.o : a;
    return (
      member.k === "mem" &&
      walk.world.values(member, frame.fn.module).some((v) => {
        const facts =
          v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
        return facts?.role === "flush" || facts?.role === "close";
      })
    );
  });
}

/** A handle given to an unknown function that closes things is closed by it. */
function takesHandle(walk: Walk, frame: Frame, call: Call): boolean {
  if (!isClosing(call)) return false;
  const handles = (e: Expr): boolean =>
    e.k === "arr"
      ? e.items.some(handles)
      : e.k === "obj"
        ? e.props.some((p) => handles(p.value))
        : (e.k === "id" || e.k === "mem") &&
          walk.world.values(e, frame.fn.module).some((v) => v.v === "sdk" && v.sdk.is === "handle");
  return call.args.some(handles);
}

function trivial(call: Call): boolean {
  if (call.isNew) return true;
  let e: Expr = call.callee;
  while (e.k === "mem") e = e.o;
  return e.k === "id" && TRIVIAL.test(e.name);
}
