import { has, State } from "../flow/state.js";
import type { Hit } from "../flow/world.js";
import type { Vendor } from "../knowledge/schema.js";
import type { Call, Fn } from "../syntax/ir.js";
import type { Run } from "../program/program.js";

/** A close (or flush) that runs where telemetry is started, while the program goes on. */
export interface Premature {
  hit: Hit;
  vendor: Vendor;
  start: Hit;
  /** The call to blame: in the function, or top level, that both starts and closes. */
  call: Call;
  fn: Fn;
  flushOnly: boolean;
}

export const inListener = (hit: Hit): boolean => hit.inTimer || hit.stack.some((s) => s.as === "listener");

/** `main().catch(close)`: what was started has failed, and the program ends. */
const onFailure = (hit: Hit): boolean =>
  hit.stack.some(({ call }) => call?.callee.k === "mem" && call.callee.p === "catch");

/** All of a program, one for each call to blame. */
export function prematureClosings(run: Run): Premature[] {
  let found = known.get(run);
  if (!found) known.set(run, (found = find(run)));
  return found;
}

const known = new WeakMap<Run, Premature[]>();

function find(run: Run): Premature[] {
  const candidates = new Map<Call, Premature>();
  // calls that are reached after work as well, on another path: the `finally` of a job, the last line of a script
  const worked = new Set<Call>();
  for (const hit of run.hits) {
    const start = hit.vendor && run.started.get(hit.vendor);
    if (hit.kind !== "flush" || !hit.vendor || !start || inListener(hit) || onFailure(hit)) continue;
    const place = callSeeingStart(hit, start);
    if (!place) continue;
    if (has(hit.states, State.Busy | State.Worked | State.Captured)) worked.add(place.call);
    const flushOnly = hit.facts?.role === "flush";
    const early = flushOnly ? State.Background : State.Quiet | State.Background;
    if (has(hit.states, early) && hit.guards <= start.guards)
      candidates.set(place.call, { hit, vendor: hit.vendor, start, flushOnly, ...place });
  }
  return [...candidates.values()].filter((c) => !worked.has(c.call));
}

/** A helper that only closes is not to blame: the call of it is. */
function callSeeingStart(hit: Hit, start: Hit): { call: Call; fn: Fn } | undefined {
  if (!hit.call) return undefined;
  let { call, fn }: { call: Call; fn: Fn } = { call: hit.call, fn: hit.fn };
  for (let i = hit.stack.length - 1; i >= 0; i--) {
    if (fn === start.fn || fn.kind === "module" || start.stack.some((s) => s.fn === fn)) return { call, fn };
    const step = hit.stack[i];
    const below = hit.stack[i - 1];
    if (!step?.call || !below) return undefined;
    call = step.call;
    fn = below.fn;
  }
  return fn === start.fn || fn.kind === "module" ? { call, fn } : undefined;
}
