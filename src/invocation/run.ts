import { State, type States } from "../flow/state.js";
import { Walk } from "../flow/walk.js";
import type { Summary } from "../flow/frame.js";
import type { Hit, World } from "../flow/world.js";
import { keeperNames } from "../knowledge/invocations.js";
import type { Project } from "../program/project.js";
import { eventNames } from "../program/event-names.js";
import type { Call } from "../syntax/ir.js";
import type { Invocation } from "./handlers.js";

/** What one invocation meets on its paths, while telemetry is live. */
export interface InvocationRun {
  invocation: Invocation;
  hits: readonly Hit[];
  /** The states in which it ends, when nothing is under way any more but what nobody waits for. */
  ended: States;
  /** The states in which it fails. */
  failed: States;
}

/** Runs an invocation from the state in which an earlier one, or the loading of the program, has left telemetry. Cached. */
export function runOf(invocation: Invocation, project: Project): InvocationRun {
  let known = cache.get(invocation);
  if (!known) {
    const hits: Hit[] = [];
    const { fn } = invocation;
    const walk = new Walk(worldOf(project, hits));
    const end: Summary = walk.run(fn, State.Quiet, { call: undefined, fn, as: "entry" });
    known = { invocation, hits: walk.exhausted ? [] : hits, ended: end.ok, failed: end.err };
    cache.set(invocation, known);
  }
  return known;
}

const cache = new WeakMap<Invocation, InvocationRun>();

function worldOf(project: Project, hits: Hit[]): World {
  return {
    values: (expr, module) => project.values.of(expr, module),
    callee: (expr, module) => project.values.callee(expr, module),
    events: (call, module) => eventNames(call, module, project.values),
    relevant: (fn) => project.marks.isMarked(fn),
    later: () => State.Worked,
    loads: () => ({}),
    keeps: isKeeper,
    hit: (hit) => hits.push(hit),
  };
}

/** `ctx.waitUntil(x)`, `after(() => x)`: the platform waits for what it is given. */
export function isKeeper({ callee, isNew }: Call): boolean {
  if (isNew) return false;
  const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
  return name !== undefined && keeperNames.test(name);
}
