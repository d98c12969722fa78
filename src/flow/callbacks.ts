import {
  arrayMethods,
  commandMethods,
  processEvents,
  registrationMethods,
  removalMethods,
  timers,
  type CallbackTime,
} from "../knowledge/process.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import { drop } from "./drops.js";
import type { Frame, Summary } from "./frame.js";
import { identity } from "./frame.js";
import { afterAwait, NONE, State, type States } from "./state.js";
import type { Walk } from "./walk.js";
import type { Step } from "./world.js";

/** The functions an argument can be: written in place, named, bound, or a method. */
export function functionsOf(walk: Walk, frame: Frame, e: Expr): Fn[] {
  if (e.k === "fn") return [e.fn];
  if (e.k === "call" && e.callee.k === "mem" && e.callee.p === "bind")
    return functionsOf(walk, frame, e.callee.o);
  if (e.k !== "id" && e.k !== "mem") return [];
  return walk.world.values(e, frame.fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : []));
}

/**
 * Runs a function value from the given states. `resolve` parameters take note of the states instead, and
 * exits passed by name (`.then(process.exit)`) are met here.
 */
export function invoke(
  walk: Walk,
  frame: Frame,
  e: Expr,
  states: States,
  call: Call,
  how: Partial<Step> = {},
  inTimer = frame.inTimer,
): Summary {
  if (states === NONE) return identity(states);
  if (e.k === "id" && e.bind?.kind === "param") {
    const known = walk.pending.get(e.bind);
    walk.pending.set(e.bind, { ok: (known?.ok ?? NONE) | states, err: NONE });
    return identity(states);
  }
  if (e.k === "id" || e.k === "mem") {
    for (const value of walk.world.values(e, frame.fn.module)) {
      if (value.v === "exit" && value.facts.kind === "hard") {
        walk.hit({
          kind: "exit",
          at: call.at,
          call,
          fn: frame.fn,
          states,
          value,
          inTimer,
          ...withCapture(walk),
        });
        return { now: NONE, ok: NONE, err: NONE, promise: false, flushes: false };
      }
      if (
        value.v === "member" &&
        (value.member.facts.role === "flush" || value.member.facts.role === "close")
      ) {
        const done = flushedStates(states);
        return { now: done, ok: done, err: NONE, promise: true, flushes: true };
      }
    }
  }
  const fns = functionsOf(walk, frame, e);
  if (fns.length === 0) return identity(afterAwait(states));
  const total: Summary = { now: NONE, ok: NONE, err: NONE, promise: false, flushes: false };
  for (const fn of fns) {
    const one = walk.run(fn, states, { call, fn, as: "callback", ...how }, inTimer);
    total.now |= one.now;
    total.ok |= one.ok;
    total.err |= one.err;
    total.promise ||= one.promise;
    total.flushes ||= one.flushes;
  }
  return total;
}

const flushedStates = (s: States): States => (s & State.Idle) | (s & ~State.Idle ? State.Flushed : NONE);

export const withCapture = (walk: Walk): { captured?: { call: Call; fn: Fn } } =>
  walk.captured ? { captured: walk.captured } : {};

/** When a function passed to a call that is not of the program runs. */
function timeOf(walk: Walk, frame: Frame, call: Call): CallbackTime {
  const { callee } = call;
  const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
  if (name === undefined) return "soon";
  if (removalMethods.includes(name)) return "never";
  if (callee.k === "mem" && arrayMethods.includes(name)) return "now";
  if (timers[name]) {
    const delay = call.args[1];
    const none = timers[name] === "delay" && (delay === undefined || (delay.k === "lit" && delay.v === 0));
    return timers[name] === "soon" || none ? "soon" : "timer";
  }
  if (registrationMethods.includes(name) || name === "hook") return "event";
  return commandMethods.includes(name) ? "command" : "soon";
}

/** The event that a registration is for; of several, the one in which most can still be done. */
function eventOf(walk: Walk, frame: Frame, call: Call): string | undefined {
  const names = walk.world.events(call, frame.fn.module);
  return names.find((name) => name !== "exit") ?? names[0];
}

/** The states in which a listener runs that is registered here. */
function listenerStates(walk: Walk, states: States, event: string | undefined): States {
  const ending = states & (State.Flushed | State.Closing);
  if (ending) return afterAwait(states);
  const crash = event === "uncaughtException" || event === "unhandledRejection";
  return walk.world.later(crash ? "crash" : "event");
}

/** Runs the functions handed to a call that is not of the program; gives what waiting for the call may come to. */
export function passCallbacks(walk: Walk, frame: Frame, call: Call, states: States): Summary | undefined {
  const time = timeOf(walk, frame, call);
  const event = time === "event" ? eventOf(walk, frame, call) : undefined;
  let result: Summary | undefined;
  for (const argument of call.args) {
    const direct =
      functionsOf(walk, frame, argument).length > 0 ||
      (argument.k === "id" && argument.bind?.kind === "param" && time !== "event");
    if (direct || isExit(walk, frame, argument)) {
      const one = passOne(walk, frame, argument, call, states, time, event);
      if (one)
        result = result
          ? {
              ...one,
              ok: one.ok | result.ok,
              err: one.err | result.err,
              flushes: one.flushes || result.flushes,
            }
          : one;
    } else if ((argument.k === "obj" || argument.k === "arr") && !isProxy(call))
      passNested(walk, frame, argument, call, states, 0);
  }
  return result;
}

/** The handlers of a `new Proxy` run whenever the object is touched, not at an event. */
const isProxy = (call: Call): boolean => call.isNew && call.callee.k === "id" && call.callee.name === "Proxy";

const isExit = (walk: Walk, frame: Frame, e: Expr): boolean =>
  (e.k === "mem" || e.k === "id") && walk.world.values(e, frame.fn.module).some((v) => v.v === "exit");

function passOne(
  walk: Walk,
  frame: Frame,
  argument: Expr,
  call: Call,
  states: States,
  time: CallbackTime,
  event: string | undefined,
): Summary | undefined {
  switch (time) {
    case "now": {
      nameElements(walk, frame, argument, call);
      const each = invoke(walk, frame, argument, states, call, { as: "call" });
      const drops = call.callee.k === "mem" && call.callee.p === "forEach";
      if (drops && each.promise && each.flushes) drop(walk, frame, call, states, "each");
      return each;
    }
    case "timer": {
      // a deadline or a watchdog: what ends in it is meant to end
      const rest = (states & State.Idle) | (states & ~State.Idle ? State.Flushed : NONE);
      invoke(walk, frame, argument, rest, call, {}, true);
      return { ...identity(afterAwait(states)), promise: true };
    }
    case "event":
      listen(walk, frame, argument, call, states, event);
      return undefined;
    case "never":
      return undefined;
    case "command": {
      const handled = invoke(walk, frame, argument, states, call, { as: "call" });
      walk.commandFailures |= handled.err;
      return handled;
    }
    default: {
      const inner = invoke(walk, frame, argument, afterAwait(states), call);
      return inner.flushes ? { ...inner, ok: State.Flushed } : inner;
    }
  }
}

/** The first parameter of an array callback stands for each function of the list. */
function nameElements(walk: Walk, frame: Frame, argument: Expr, call: Call): void {
  const param = argument.k === "fn" ? argument.fn.params[0]?.[0] : undefined;
  if (!param || call.callee.k !== "mem") return;
  const fns: Fn[] = [];
  for (const list of walk.world.values(call.callee.o, frame.fn.module))
    if (list.v === "array") for (const item of list.items) fns.push(...functionsOf(walk, frame, item));
  if (fns.length > 0) walk.elements.set(param, fns);
}

/** `process.off("SIGTERM", abort)`: it is for the time until then. */
const isRemoved = (e: Expr, module: Module): boolean =>
  e.k === "id" &&
  e.bind !== undefined &&
  module.calls.some(
    ({ call: { callee, args } }) =>
      callee.k === "mem" &&
      /^(off|removeListener)$/.test(callee.p ?? "") &&
      args[1]?.k === "id" &&
      args[1].bind === e.bind,
  );

/** Runs a listener: on its own where it starts telemetry itself, else at a time when telemetry may be live. */
function listen(
  walk: Walk,
  frame: Frame,
  argument: Expr,
  call: Call,
  states: States,
  event: string | undefined,
): void {
  const how: Partial<Step> = { as: "listener", ...(event ? { event } : {}) };
  const ends = event !== undefined && processEvents.some((e) => e.name === event);
  // set up by the first signal for the second one: whoever sends that does not want to wait
  if (ends && walk.stack.some((s) => s.as === "listener" && s.event === event)) {
    const rest = (states & State.Idle) | (states & ~State.Idle ? State.Flushed : NONE);
    invoke(walk, frame, argument, rest, call, how, true);
    return;
  }
  if (ends && isRemoved(argument, frame.fn.module)) {
    invoke(walk, frame, argument, states, call, how);
    return;
  }
  if (!ends && states === State.Idle) {
    const alone = invoke(walk, frame, argument, State.Idle, call, how);
    if ((alone.now | alone.ok) & ~State.Idle) return;
  }
  invoke(walk, frame, argument, listenerStates(walk, states, event), call, how);
}

/** Handlers in options objects: `{ onListen() {}, handlers: { EXIT: async () => {} } }`. */
function passNested(
  walk: Walk,
  frame: Frame,
  e: Expr & { k: "obj" | "arr" },
  call: Call,
  states: States,
  depth: number,
): void {
  if (depth > 3) return;
  for (const value of e.k === "obj" ? e.props.map((p) => p.value) : e.items) {
    if (value.k === "fn" || value.k === "id" || (value.k === "mem" && value.o.k === "this")) {
      if (functionsOf(walk, frame, value).length > 0)
        invoke(walk, frame, value, listenerStates(walk, states, undefined), call, { as: "listener" });
    } else if (value.k === "obj" || value.k === "arr")
      passNested(walk, frame, value, call, states, depth + 1);
  }
}
