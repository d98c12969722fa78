import type { CrashEvent, CrashFacts, Vendor } from "../knowledge/schema.js";
import type { Hit } from "../flow/world.js";
import { hearingOf } from "./crash-switches.js";
import { endingsOf, exitsIn, flushesIn, type Ending } from "../program/endings.js";
import { canFlush } from "../facts/flushable.js";
import { losesAtExit } from "../ending/losses.js";
import { isSwitchedOff, packageOf } from "../ending/missing.js";
import { prematureClosings } from "../ending/premature.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import { tellsOf } from "./telling.js";
import { isStartedToReport } from "./started-to-report.js";

/** An SDK that a program starts, and what it does about errors. */
export interface Carrier {
  vendor: Vendor;
  start: Hit;
  facts: CrashFacts;
}

/** Who in a program hears of an error that nobody catches. */
export interface CrashCover {
  /** SDKs that people install to learn of errors. */
  reporters: Carrier[];
  /** All that can be told of an error or lose what they have buffered, the reporters first. */
  carriers: Carrier[];
  /** An SDK hears the event by itself, as far as can be known. */
  sdkHears(event: CrashEvent): boolean;
  /** Somebody hears the event: an SDK, or a listener of the program that tells, flushes or ends the process. */
  hears(event: CrashEvent): boolean;
}

const DEAF: CrashFacts = { reporter: false, hears: [] };

/** Who hears of errors in one program. Cached. */
export function crashCover(run: Run, project: Project): CrashCover {
  let known = cache.get(run);
  if (!known) cache.set(run, (known = find(run, project)));
  return known;
}

const cache = new WeakMap<Run, CrashCover>();

function find(run: Run, project: Project): CrashCover {
  // what is closed where it is started is a bug of its own
  const closed = new Set(prematureClosings(run).flatMap((p) => (p.flushOnly ? [] : [p.vendor])));
  const carriers = [...run.started]
    .filter(([vendor]) => vendor.buffering !== "none" && !run.local.has(vendor) && !closed.has(vendor))
    .filter(([, start]) => !isSwitchedOff(start) && !isStartedToReport(start, run))
    .map(([vendor, start]) => ({ vendor, start, facts: factsOf(vendor, start, project) }))
    .filter(({ vendor, facts }) => facts.reporter || canFlush(vendor))
    .sort((a, b) => Number(b.facts.reporter) - Number(a.facts.reporter));
  const events = new Map<CrashEvent, boolean>();
  const bySdk = (event: CrashEvent): boolean => {
    const known = events.get(event);
    if (known !== undefined) return known;
    const heard =
      run.preloaded.some((v) => v.crash?.hears.includes(event) === true) ||
      [...run.started].some(([vendor, start]) => hearsItself(run, vendor, start, event, project)) ||
      isSelfMade(run, project);
    events.set(event, heard);
    return heard;
  };
  return {
    reporters: carriers.filter((c) => c.facts.reporter),
    carriers,
    sdkHears: bySdk,
    hears: (event) => bySdk(event) || listenerHears(run, project, event),
  };
}

/** Ways to hear of a crash that are not followed: they only silence. */
const SELF_MADE =
  /setUncaughtExceptionCaptureCallback|handleExceptions|exceptionHandlers|handleRejections|rejectionHandlers|unhandledrejection["']/;

const isSelfMade = (run: Run, project: Project): boolean =>
  [...run.files].some((file) => says(file, SELF_MADE, project));

/** The facts of the package that a start belongs to. */
export const factsOf = (vendor: Vendor, start: Hit, project: Project): CrashFacts =>
  packageOf(start, project)?.crash ?? vendor.crash ?? DEAF;

/** Every start of the vendor counts: one of them may be given the option. */
const hearsItself = (run: Run, vendor: Vendor, first: Hit, event: CrashEvent, project: Project): boolean =>
  [first, ...run.hits.filter((h) => h.kind === "start" && h.vendor === vendor)].some((start) => {
    const facts = factsOf(vendor, start, project);
    if (facts.rejectionsAsUncaught && event === "unhandledRejection" && listensTo(run, project, event))
      return false;
    return hearingOf(facts, start, event, project).hears;
  });

const listensTo = (run: Run, project: Project, event: string): boolean =>
  endingsOf(run, project).some((e) => e.kind === "crash" && e.events.includes(event));

/** The crash listeners of a program that hear an event. Without one of its own, a rejection becomes an uncaught exception. */
export function crashListeners(run: Run, project: Project, event: string): Ending[] {
  const all = endingsOf(run, project).filter((e) => e.kind === "crash" || e.kind === "owner");
  const own = all.filter((e) => e.events.includes(event));
  if (own.length > 0 || event !== "unhandledRejection") return own;
  return all.filter((e) => e.events.includes("uncaughtException"));
}

/** A listener that tells of the error, sends what is buffered, or ends the process: the last is for the rule about exits. */
function listenerHears(run: Run, project: Project, event: CrashEvent): boolean {
  if (event === "worker") return false;
  const owners = endingsOf(run, project).filter((e) => e.kind === "owner" && ownsCrashes(e));
  if (owners.length > 0) return true;
  return crashListeners(run, project, event).some((e) => !swallows(e, run, project));
}

/** Owners that listen to crashes as well. */
export const ownsCrashes = ({ owner }: Ending): boolean =>
  owner !== undefined && /close-with-grace|async-exit-hook/i.test(owner);

/** A crash listener that logs at most, and ends the process: what is buffered is the business of the rule about exits. */
export function endsUntold(ending: Ending, run: Run, project: Project): boolean {
  const exits = exitsIn(ending);
  if (ending.open || exits.length === 0 || flushesIn(ending).length > 0) return false;
  if (exits.some((h) => losesAtExit(run, h) !== undefined)) return false;
  return ending.listeners.every((fn) => tellsOf(fn, run, project) === "swallows");
}

/** A crash listener that logs at most, and goes on. */
export function swallows(ending: Ending, run: Run, project: Project): boolean {
  if (ending.open || exitsIn(ending).length > 0 || flushesIn(ending).length > 0) return false;
  if (
    ending.reached.some(
      (r) => r.inTimer && project.values.callee(r.call.callee, r.fn.module).some((v) => v.v === "exit"),
    )
  )
    return false;
  return ending.listeners.every((fn) => tellsOf(fn, run, project) === "swallows");
}
