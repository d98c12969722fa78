import { has, State } from "../flow/state.js";
import type { Hit } from "../flow/world.js";
import type { Vendor } from "../knowledge/schema.js";
import type { Call, Expr, Fn } from "../syntax/ir.js";
import { drainedBy } from "./producers.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";
import { callsOf, functionsIn, reachOf, type Reached } from "./reach.js";
import { registrationsIn, type Registration } from "./registrations.js";
import { mayFlush } from "./unseen.js";

/** A call that lets what still produces telemetry come to its end: `server.close()`, `worker.close()`. */
export interface Drain {
  call: Call;
  fn: Fn;
  /** As the knowledge names it: `http server`, `BullMQ worker`. */
  producer: string;
}

/** One way in which a program ends, and what it does then. */
export interface Ending extends Registration {
  /** Lifecycle hits met in it, other than in timers that it sets. */
  hits: Hit[];
  drains: Drain[];
  /** Every call that it can come to. */
  reached: Reached[];
  /** A timer of it ends the process whatever happens. */
  deadline: boolean;
  /** It calls something that the program does not show and that may flush. */
  open: boolean;
}

/** All endings of one program, in the order of their files. Cached. */
export function endingsOf(run: Run, project: Project): Ending[] {
  let known = cache.get(run);
  if (!known) {
    const hits = new Map<Call, Hit[]>();
    for (const hit of run.hits) {
      if (!hit.call) continue;
      const list = hits.get(hit.call);
      if (list) list.push(hit);
      else hits.set(hit.call, [hit]);
    }
    known = registrationsIn(run, project).map((r) => endingOf(r, hits, project));
    cache.set(run, known);
  }
  return known;
}

const cache = new WeakMap<Run, Ending[]>();

function endingOf(registration: Registration, hitsOf: Map<Call, Hit[]>, project: Project): Ending {
  const reached = reachOf(registration.listeners, project.values);
  const hits = new Set<Hit>();
  const drains: Drain[] = [];
  let deadline = false;
  let open = registration.unresolved;
  for (const r of reached) {
    for (const hit of hitsOf.get(r.call) ?? []) {
      if (r.inTimer) deadline ||= hit.kind === "exit";
      else hits.add(hit);
    }
    deadline ||= exitsInTime(r, project);
    if (r.inTimer) continue;
    const producer = drainedBy(r.call, r.fn.module, project);
    if (producer) drains.push({ call: r.call, fn: r.fn, producer: producer.name });
    open ||= mayFlush(r, project);
  }
  return { ...registration, reached, hits: [...hits], drains, deadline, open };
}

const DELAYS = /sleep|delay|wait|timeout|timer/i;

/** Sets a timer that ends the process whatever happens: `setTimeout(process.exit, 5000, 1)`, `sleep(5000).then(() => process.exit(1))`. */
export function exitsInTime({ call, fn }: Reached, project: Project): boolean {
  const { callee, args } = call;
  const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
  const ends = (e: Expr): boolean =>
    project.values.of(e, fn.module).some((v) => v.v === "exit") ||
    functionsIn(e, fn, project.values).some((f) =>
      callsOf(f).some((c) => project.values.callee(c.callee, f.module).some((v) => v.v === "exit")),
    );
  if (name === "setTimeout") return args[0] !== undefined && ends(args[0]);
  if (callee.k !== "mem" || (name !== "then" && name !== "finally") || callee.o.k !== "call") return false;
  const { callee: timer } = callee.o;
  const delayed = timer.k === "id" ? timer.name : timer.k === "mem" ? (timer.p ?? "") : "";
  return DELAYS.test(delayed) && args[0] !== undefined && ends(args[0]);
}

/** The flushes and closes of a vendor (of any, without one) in an ending. */
export function flushesIn(ending: Ending, vendor?: Vendor): Hit[] {
  return ending.hits.filter((h) => h.kind === "flush" && (vendor === undefined || h.vendor === vendor));
}

/** Whether an ending ends the process by itself. */
export const exitsIn = (ending: Ending): Hit[] => ending.hits.filter((h) => h.kind === "exit" && !h.inTimer);

/** Whether a hit was met with something under way that nobody waited for. */
export const isUnderWay = (hit: Hit): boolean => has(hit.states, State.Closing);
