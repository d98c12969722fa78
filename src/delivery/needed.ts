import { ownerLimits } from "../knowledge/owner-limits.js";
import { ownMillis } from "../deadline/costs.js";
import { exitsInTime, type Ending } from "../program/endings.js";
import { numberShown } from "../deadline/numbers.js";
import type { Project } from "../program/project.js";
import type { Reached } from "../program/reach.js";
import { comesLater } from "../deadline/sequence.js";
import { isStatement } from "../ending/uncalled.js";
import { isFlush, isRaced, isRace } from "../deadline/waits.js";
import type { Call, Expr, Fn, Span } from "../syntax/ir.js";

/** The time that an ending gives itself, by what its code says. */
export interface Needed {
  millis: number;
  /** Where the code says so. */
  fn: Fn;
  at: Span;
  /** `limit`: it goes on waiting for what it lets come to its end until then. `wait`: it waits so long in any case. */
  kind: "limit" | "wait";
}

/** Variables that a deployment sets; undefined when it may set any. */
export type Env = ReadonlyMap<string, string | undefined> | undefined;

/**
 * The time that may go by until an ending has sent its telemetry, as far as its code says so by itself: a timer that ends the
 * process at last, a limit around what it waits for, a plain wait.
 * @returns undefined when nothing is said, or when it cannot be known
 */
export function neededBy(ending: Ending, env: Env, project: Project): Needed | undefined {
  const { reached } = ending;
  const flushes = reached.filter(
    (r) => !r.inTimer && ending.hits.some((h) => isFlush(h) && h.call === r.call),
  );
  const beforeFlush = (r: Reached): boolean => flushes.some((f) => comesLater(f, r, reached));
  const limits: Needed[] = [];
  const waits: Needed[] = [];
  for (const r of reached) {
    if (r.inTimer) continue;
    const timer = timerOf(r, project);
    if (!timer) continue;
    const millis = timer.time && shownTo(timer.time, r, reached, env, project);
    if (endsTheProcess(r, reached, project)) {
      // it comes to its end at a time that is not known
      if (millis === undefined) return undefined;
      limits.push({ millis, fn: r.fn, at: r.call.at, kind: "limit" });
    } else if (millis !== undefined) {
      const waited = waitedFor(r, millis, ending, beforeFlush, project);
      if (waited) waits.push(waited);
    }
  }
  const owned = limitOfOwner(ending, env, project);
  if (owned === "unknown") return undefined;
  if (owned) limits.push(owned);
  const wait = sumOf(waits);
  const limit = limits.reduce<Needed | undefined>(
    (low, n) => (low && low.millis <= n.millis ? low : n),
    undefined,
  );
  if (!limit) return wait;
  const drains = reached.filter((r) => !r.inTimer && ending.drains.some((d) => d.call === r.call));
  // what it waits for has limits of its own: only requests and jobs may take all of the time
  if (owned?.drains || (drains.some(beforeFlush) && !cutsConnections(reached))) return limit;
  return wait && wait.millis > limit.millis ? limit : wait;
}

/** Requests are not waited for. */
const cutsConnections = (reached: readonly Reached[]): boolean =>
  reached.some((r) => !r.inTimer && r.call.callee.k === "mem" && r.call.callee.p === "closeAllConnections");

function sumOf(waits: readonly Needed[]): Needed | undefined {
  const [longest] = [...waits].sort((a, b) => b.millis - a.millis);
  return longest && { ...longest, millis: waits.reduce((sum, w) => sum + w.millis, 0) };
}

/** The time as it is where the deployment sets its variables. */
function shownTo(
  e: Expr,
  r: Reached,
  reached: readonly Reached[],
  env: Env,
  project: Project,
): number | undefined {
  const path = r.path.flatMap((call) => {
    const module = reached.find((other) => other.call === call)?.fn.module;
    return module ? [{ call, module }] : [];
  });
  const shown = numberShown(e, { module: r.fn.module, path }, project);
  if (!shown || (shown.variable !== undefined && (!env || env.has(shown.variable)))) return undefined;
  return shown.value;
}

interface Timer {
  /** The call that is told when it is over. */
  call: Call;
  time: Expr | undefined;
  /** Hands back a promise. */
  promised: boolean;
}

/** `setTimeout(f, 5000)`, and `setTimeout(5000)` of node:timers/promises. */
function timerOf({ call, fn }: Reached, project: Project): Timer | undefined {
  const { callee, args } = call;
  if (callee.k !== "id" && callee.k !== "mem") return undefined;
  const of = project.values.callee(callee, fn.module);
  if (of.some((v) => v.v === "package" && /^(node:)?timers\/promises$/.test(v.specifier)))
    return { call, time: args[0], promised: true };
  const name = callee.k === "id" ? callee.name : callee.p;
  return name === "setTimeout" && args[0] ? { call, time: args[1], promised: false } : undefined;
}

/** The timer, or what is chained to it, ends the process. */
function endsTheProcess(timer: Reached, reached: readonly Reached[], project: Project): boolean {
  const held: readonly Expr[] = [timer.call, ...timer.path];
  const chained = reached.filter((r) => r.call.callee.k === "mem" && held.includes(r.call.callee.o));
  return (
    [timer, ...chained].some((r) => exitsInTime(r, project)) ||
    reached.some(
      (r) =>
        r.inTimer &&
        r.path.includes(timer.call) &&
        project.values.callee(r.call.callee, r.fn.module).some((v) => v.v === "exit"),
    )
  );
}

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

/** What waits for a timer before telemetry is sent: a statement of its own, or a race with what is let come to its end. */
function waitedFor(
  timer: Reached,
  millis: number,
  ending: Ending,
  beforeFlush: (r: Reached) => boolean,
  project: Project,
): Needed | undefined {
  const { reached } = ending;
  const steps = [...timer.path.flatMap((c) => reached.find((r) => r.call === c) ?? []), timer];
  for (const step of steps.reverse()) {
    const { call, fn } = step;
    if (isRaced(call, fn)) return raceOf(step, millis, ending, beforeFlush, project);
    const awaited = isStatement(call, fn.body) && !isStatement(call, fn.body, false);
    if (awaited) return beforeFlush(step) ? { millis, fn, at: call.at, kind: "wait" } : undefined;
    // a statement that nobody waits for
    if (isStatement(call, fn.body) && call.callee.k !== "mem" && call !== timer.call) return undefined;
  }
  return undefined;
}

/** A race is a limit for what stands in it: requests that may take all of it, or a flush with a limit of its own. */
function raceOf(
  step: Reached,
  millis: number,
  ending: Ending,
  beforeFlush: (r: Reached) => boolean,
  project: Project,
): Needed | undefined {
  const { call, fn } = step;
  const race = fn.module.calls.find(
    (c) => c.call !== call && isRace(c.call) && within(call.at, c.call.at),
  )?.call;
  if (!race) return undefined;
  const inside = ending.reached.filter(
    (r) => !r.inTimer && [r.call, ...r.path].some((c) => c !== race && within(c.at, race.at)),
  );
  const drains = inside.filter((r) => ending.drains.some((d) => d.call === r.call));
  const flushes = ending.hits.filter(isFlush).filter((h) => inside.some((r) => r.call === h.call));
  const at: Pick<Needed, "fn" | "at" | "kind"> = { fn, at: race.at, kind: "limit" };
  const raced = ending.reached.find((r) => r.call === race);
  if (drains.some(beforeFlush) || (drains.length > 0 && raced && beforeFlush(raced)))
    return { millis, ...at };
  if (flushes.length === 0) return undefined;
  const costs = flushes.map((h) => ownMillis(h, project));
  if (costs.some((cost) => cost === undefined)) return { millis, ...at };
  return { millis: Math.min(millis, Math.max(...costs.map((cost) => cost ?? 0))), ...at };
}

/** What a library that ends the process is told to wait for at most. */
function limitOfOwner(
  { kind, owner, call, fn }: Ending,
  env: Env,
  project: Project,
): (Needed & { drains: boolean }) | "unknown" | undefined {
  const facts = ownerLimits.find((l) => kind === "owner" && l.owner === owner);
  const options = facts && call?.args[facts.argument];
  if (!facts || !options || options.k === "fn") return undefined;
  if (options.k !== "obj")
    return project.values.of(options, fn.module).every((v) => v.v === "fn") ? undefined : "unknown";
  const given = options.props.findLast((p) => p.name === facts.property);
  if (!given) return options.props.some((p) => p.name === undefined) ? "unknown" : undefined;
  if (given.value.k === "lit" && typeof given.value.v !== "number") return undefined;
  const shown = numberShown(given.value, { module: fn.module, path: [] }, project);
  if (!shown || (shown.variable !== undefined && (!env || env.has(shown.variable)))) return "unknown";
  return { millis: shown.value, fn, at: given.value.at, kind: "limit", drains: facts.drains };
}
