import { processEvents, registrationMethods, timers } from "../knowledge/process.js";
import type { Call, Expr, Fn } from "../syntax/ir.js";
import type { Values } from "./values.js";

/** A call that some functions come to, whatever the path. */
export interface Reached {
  call: Call;
  fn: Fn;
  /** The calls that led here, outermost first. */
  path: readonly Call[];
  /** Runs in a timer that was set on the way: a deadline or a watchdog. */
  inTimer: boolean;
}

const MAX_CALLS = 4000;

/**
 * Every call that running these functions can come to, shortest way first, through functions of the program and through
 * functions that are handed on. Listeners of process events that are registered on the way are left out.
 * @param pass which calls to follow; all by default
 */
export function reachOf(
  roots: readonly Fn[],
  values: Values,
  pass: (call: Call, fn: Fn) => boolean = () => true,
): Reached[] {
  const found: Reached[] = [];
  const seen = new Map<Fn, boolean>();
  const queue: { fn: Fn; path: readonly Call[]; inTimer: boolean }[] = [];
  const enter = (fn: Fn, path: readonly Call[], inTimer: boolean): void => {
    const known = seen.get(fn);
    if (known === undefined || (known && !inTimer)) {
      seen.set(fn, inTimer);
      queue.push({ fn, path, inTimer });
    }
  };
  for (const root of roots) enter(root, [], false);
  for (let next = queue.shift(); next && found.length < MAX_CALLS; next = queue.shift()) {
    const { fn, path, inTimer } = next;
    for (const call of callsOf(fn)) {
      found.push({ call, fn, path, inTimer });
      if (!pass(call, fn) || isRegistration(call)) continue;
      const deeper = [...path, call];
      if (call.callee.k === "fn") enter(call.callee.fn, deeper, inTimer);
      else
        for (const v of values.callee(call.callee, fn.module)) if (v.v === "fn") enter(v.fn, deeper, inTimer);
      const later = inTimer || isTimer(call);
      for (const given of call.args) for (const f of functionsIn(given, fn, values)) enter(f, deeper, later);
    }
  }
  return found;
}

/** The functions an argument is or holds. */
export function functionsIn(e: Expr, fn: Fn, values: Values, depth = 0): Fn[] {
  switch (e.k) {
    case "fn":
      return [e.fn];
    case "call":
      if (e.callee.k === "mem" && e.callee.p === "bind") return functionsIn(e.callee.o, fn, values, depth);
      return values.of(e, fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : []));
    case "id":
    case "mem":
      return values.of(e, fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : []));
    case "obj":
    case "arr": {
      const parts = e.k === "obj" ? e.props.map((p) => p.value) : e.items;
      return depth > 2 ? [] : parts.flatMap((p) => functionsIn(p, fn, values, depth + 1));
    }
    default:
      return [];
  }
}

const byFn = new WeakMap<Fn["module"], Map<Fn, Call[]>>();

/** The calls that stand in a function itself. */
export function callsOf(fn: Fn): readonly Call[] {
  let map = byFn.get(fn.module);
  if (!map) {
    byFn.set(fn.module, (map = new Map()));
    for (const { call, fn: home } of fn.module.calls) {
      const list = map.get(home);
      if (list) list.push(call);
      else map.set(home, [call]);
    }
  }
  return map.get(fn) ?? [];
}

function isRegistration({ callee, args }: Call): boolean {
  if (callee.k !== "mem" || !registrationMethods.includes(callee.p ?? "")) return false;
  const [first] = args;
  return (
    first?.k === "lit" &&
    processEvents.some((e) => e.name === first.v) &&
    // `server.on("exit", ...)` of a child process is none of the process itself
    callee.o.k === "id" &&
    callee.o.name === "process"
  );
}

function isTimer({ callee }: Call): boolean {
  const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
  return name !== undefined && timers[name] === "delay";
}
