import { canFlush } from "../facts/flushable.js";
import { isStartedToReport } from "../crash/started-to-report.js";
import { has, State } from "../flow/state.js";
import type { Hit } from "../flow/world.js";
import type { Vendor } from "../knowledge/schema.js";
import { isRefusal } from "./guarded.js";
import { areApart, areOfTwoHandlers, isBeforeStart, isUntold } from "./apart.js";
import { prematureClosings } from "./premature.js";
import type { Run } from "../program/program.js";

/** What an exit would lose. */
export interface Loss {
  vendor: string;
  /** Completes "ends the process ...". */
  reason: string;
  start: Hit | undefined;
}

/**
 * Whether ending the process at this hit can lose telemetry of the program, and whose.
 * @param strict one awaited flush is not enough: every vendor that can have something buffered is asked for
 */
export function losesAtExit(run: Run, hit: Hit, strict = false): Loss | undefined {
  if (hit.developing) return undefined;
  // what is closed where it is started is lost whatever the exit does: one bug, one finding
  const closedEarly = new Set(prematureClosings(run).flatMap((p) => (p.flushOnly ? [] : [p.vendor])));
  const live = [...run.started.keys()].filter(
    (v) =>
      v.buffering !== "none" &&
      canFlush(v) &&
      !closedEarly.has(v) &&
      !run.local.has(v) &&
      !isElsewhereForOneReport(run, v, hit) &&
      !isStartedApart(run, v, hit),
  );
  if (live.length === 0) return undefined;
  const loss = (vendor: Vendor, reason: string): Loss => ({
    vendor: vendor.name,
    reason,
    start: run.started.get(vendor),
  });
  if (has(hit.states, State.Closing)) {
    const vendor = live[0] as Vendor;
    return loss(vendor, `while the flush of ${vendor.name} is still under way and nobody waits for it`);
  }
  if (has(hit.states, State.Captured) && !isBesideCapture(run, hit)) {
    const by = run.hits.find((h) => h.kind === "capture" && h.call === hit.captured?.call)?.vendor;
    // what an SDK is told that this program never starts goes nowhere, whoever waits
    if (by && !run.started.has(by)) return undefined;
    const vendor = live.find((v) => v === by) ?? live.find((v) => run.captured.has(v)) ?? (live[0] as Vendor);
    return loss(vendor, `before what ${vendor.name} captured on this path is sent`);
  }
  if (strict && has(hit.states, State.Flushed)) {
    const forgotten = unflushed(run, hit, live);
    if (forgotten) return loss(forgotten, `after a flush that leaves out ${forgotten.name}`);
  }
  if (!has(hit.states, State.Worked)) return undefined;
  // what only the program captures is there to be lost on this path, or in code that runs after the rest
  const later = hit.stack.some((s) => s.as === "listener");
  if (!later && !strict && isRefusal(hit)) return undefined;
  // a signal comes from outside, long after what was sent; a quit or an error comes with what was just captured
  const bySignal = hit.stack.some((s) => s.as === "listener" && s.event?.startsWith("SIG") === true);
  const waiting = live.filter((v) => !(later ? bySignal && run.atOnce.has(v) : run.byHand.has(v)));
  const buffering =
    waiting.find((v) => v.ambient) ??
    (later ? waiting.find((v) => v.buffering === "batch" && run.captured.has(v)) : undefined);
  return buffering && loss(buffering, `before ${buffering.name} has sent what it buffered`);
}

/**
 * The exit stands behind a condition of its own function, and other ways lead there on which nothing was captured: whether the
 * two conditions ever meet is not to be seen.
 */
function isBesideCapture(run: Run, hit: Hit): boolean {
  const { captured, stack } = hit;
  if (!captured || captured.fn === hit.fn || hit.guards <= (stack.at(-1)?.guards ?? 0)) return false;
  return run.hits.some(
    (h) =>
      h.kind === "exit" &&
      h.call === hit.call &&
      !has(h.states, State.Captured) &&
      h.stack.length === stack.length &&
      h.stack.every((step, i) => step.call === stack[i]?.call),
  );
}

/** It is started to send one report and nothing else, and that is not what this listener does. */
function isElsewhereForOneReport(run: Run, vendor: Vendor, exit: Hit): boolean {
  const start = run.started.get(vendor);
  const listeners = exit.stack.filter((s) => s.as === "listener").map((s) => s.fn);
  return (
    start !== undefined &&
    listeners.length > 0 &&
    !start.stack.some((s) => listeners.includes(s.fn)) &&
    isStartedToReport(start, run)
  );
}

/** Wherever the program starts it, it goes another way than to this exit, or is not told to. */
function isStartedApart(run: Run, vendor: Vendor, exit: Hit): boolean {
  const starts = run.hits.filter((h) => h.kind === "start" && h.vendor === vendor);
  return (
    starts.length > 0 &&
    starts.every(
      (start) =>
        isUntold(start) ||
        areOfTwoHandlers(start, exit, run.values) ||
        areApart(start, exit) ||
        isBeforeStart(exit, start),
    )
  );
}

/** A vendor with something buffered that nothing flushes in the listener (or the main path) that the exit belongs to. */
function unflushed(run: Run, hit: Hit, live: Vendor[]): Vendor | undefined {
  const root = (h: Hit): unknown => h.stack.findLast((s) => s.as === "listener")?.call;
  const flushed = new Set<Vendor | undefined>();
  for (const h of run.hits) if (h.kind === "flush" && root(h) === root(hit)) flushed.add(h.vendor);
  if (flushed.size === 0) return undefined;
  return live.find((v) => !flushed.has(v) && (v.ambient || run.captured.has(v)));
}
