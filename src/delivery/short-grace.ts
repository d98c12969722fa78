import { inWords } from "../deployment/durations.js";
import { graceSetting } from "../knowledge/grace-periods.js";
import type { ChainBreak } from "../program/details.js";
import { endingsOf, type Ending } from "../program/endings.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Run } from "../program/program.js";
import type { Project } from "../program/project.js";
import { isFlush } from "../deadline/waits.js";
import { gracesIn, type Grace } from "./grace.js";
import { neededBy, type Needed } from "./needed.js";

/** A period that ends before its program has sent its telemetry. */
export interface ShortGrace {
  grace: Grace;
  needed: Needed;
  vendor: string;
}

const known = new WeakMap<Project, ShortGrace[]>();

/** Every period of a project that is shorter than the time which its program gives itself. */
export function shortGraces(project: Project): ShortGrace[] {
  let found = known.get(project);
  if (!found) {
    const all = gracesIn(project);
    found = all
      .filter((grace) => matters(grace, all))
      .flatMap((grace) => {
        const needs = grace.runs.flatMap((run) => neededIn(run, grace, project));
        const [most] = needs.sort((a, b) => b.needed.millis - a.needed.millis);
        return most && most.needed.millis > grace.millis ? [{ grace, ...most }] : [];
      });
    known.set(project, found);
  }
  return found;
}

/** Beside Kubernetes or ECS a compose file that says nothing is there to work with. */
const matters = (grace: Grace, all: readonly Grace[]): boolean =>
  grace.by !== "compose" ||
  grace.stated ||
  !all.some(
    (g) => (g.by === "kubernetes" || g.by === "ecs") && g.runs.some((run) => grace.runs.includes(run)),
  );

/** Somebody ends it with a signal. */
export function isEndedFromOutside(run: Run, project: Project): boolean {
  const lifespan = lifespanOf(run, project);
  return lifespan !== "one-shot" && lifespan !== "library" && lifespan !== "invocation";
}

function neededIn(run: Run, grace: Grace, project: Project): { needed: Needed; vendor: string }[] {
  if (!isEndedFromOutside(run, project)) return [];
  return endingsOf(run, project).flatMap((ending) => {
    const flush = ending.hits.find((h) => isFlush(h) && h.vendor && !run.local.has(h.vendor));
    if (!flush || !hears(ending, grace.signal)) return [];
    const needed = neededBy(ending, grace.env, project);
    return needed ? [{ needed, vendor: flush.vendor?.name ?? "telemetry" }] : [];
  });
}

/** Whether an ending runs at a signal: a library that ends the process hears both. */
export const hears = ({ kind, events }: Ending, signal: string): boolean =>
  (kind === "signal" && events.includes(signal)) ||
  (kind === "owner" && (signal === "SIGTERM" || signal === "SIGINT"));

/**
 * Periods that are too short, as findings. `names`: what stops the program, the period, the time needed, the setting, the vendor, what
 * the time is for, and what `preStop` takes.
 */
export function findShortGraces(project: Project): ChainBreak[] {
  return shortGraces(project).map(({ grace, needed, vendor }) => ({
    kind: "chain-break",
    check: "grace",
    fn: grace.place.fn,
    at: grace.place.at,
    names: [
      grace.by,
      inWords(grace.millis),
      inWords(needed.millis),
      graceSetting[grace.by],
      vendor,
      needed.kind,
      grace.preStop > 0 ? inWords(grace.preStop) : "",
    ],
    others: [
      {
        fn: needed.fn,
        at: needed.at,
        message: `the program gives itself ${inWords(needed.millis)} here`,
      },
    ],
  }));
}
