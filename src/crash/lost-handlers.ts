import { crashCover, endsUntold, ownsCrashes, swallows, type Carrier } from "./covered.js";
import type { CrashLoss } from "../program/details.js";
import { endingsOf, exitsIn, type Ending } from "../program/endings.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { tellsOf } from "./telling.js";
import type { CrashEvent } from "../knowledge/schema.js";
import type { Fn } from "../syntax/ir.js";

const HEARD: CrashEvent[] = ["uncaughtException", "unhandledRejection"];

/** Listeners of crashes in one program through which a failure reaches no telemetry. */
export function lostHandlers(run: Run, project: Project, strict: boolean): CrashLoss[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || lifespan === "invocation") return [];
  const cover = crashCover(run, project);
  const carrier = cover.carriers.find((c) => c.facts.reporter || (c.vendor.ambient && c.facts.tell));
  if (!carrier) return [];
  const endings = endingsOf(run, project);
  return endings.flatMap((ending) => {
    const shape = shapeOf(ending, { run, project, strict, endings });
    return shape && ending.call ? [lossAt(ending, shape, carrier)] : [];
  });
}

interface Around {
  run: Run;
  project: Project;
  strict: boolean;
  endings: readonly Ending[];
}

function shapeOf(ending: Ending, around: Around): CrashLoss["shape"] | undefined {
  const { run, project, strict } = around;
  const cover = crashCover(run, project);
  if (ending.kind === "owner")
    return isTold(ending) &&
      (strict || cover.reporters.length > 0) &&
      !cover.sdkHears("uncaughtException") &&
      ignoresError(ending)
      ? "owner-ignores"
      : undefined;
  if (ending.kind !== "crash") return undefined;
  if (ending.events.includes("uncaughtExceptionMonitor"))
    return !cover.hears("uncaughtException") && isToldLate(ending, around) ? "monitor" : undefined;
  const events = HEARD.filter((e) => ending.events.includes(e));
  if (swallows(ending, run, project)) {
    const unheard = events.some(
      (e) => !cover.sdkHears(e) || (e === "uncaughtException" && isKeptAlive(run, project)),
    );
    return unheard ? "listener-swallows" : undefined;
  }
  const deaf = cover.reporters.length > 0 && events.some((e) => !cover.sdkHears(e));
  if (deaf && endsUntold(ending, run, project)) return "listener-swallows";
  if (!strict || !events.includes("uncaughtException") || ending.open) return undefined;
  return exitsIn(ending).length === 0 && !ending.deadline ? "listener-swallows" : undefined;
}

/** Its callback is given the error of a crash. */
const isTold = (ending: Ending): boolean => ownsCrashes(ending) && ending.owner === "close-with-grace";

/** `Raven.install(callback)`: the callback runs where the SDK would have ended the process. */
const isKeptAlive = (run: Run, project: Project): boolean =>
  crashCover(run, project).carriers.some(({ start: { call }, facts }) => {
    const given = facts.endsInstead && call?.args[facts.endsInstead.argument];
    return given?.k === "fn" && calledBy(call?.callee) === facts.endsInstead?.call;
  });

const calledBy = (e: { k: string; p?: string | undefined } | undefined): string | undefined =>
  e?.k === "mem" ? e.p : undefined;

/** What it captures is sent after the listener has returned, and by then the process is gone. */
const isToldLate = (ending: Ending, { run, project }: Around): boolean =>
  ending.hits.some((h) => h.kind === "capture" || h.kind === "flush") ||
  ending.listeners.some((fn) => fn.async && tellsOf(fn, run, project) === "tells");

/** No parameter of its callback holds the error, or nobody reads it. */
function ignoresError({ listeners, unresolved }: Ending): boolean {
  return !unresolved && listeners.length > 0 && listeners.every((fn) => !takesError(fn));
}

const takesError = ({ params }: Fn): boolean =>
  (params[0] ?? []).some((p) => (p.param?.path.length ? p.param.path[0] === "err" : p.uses.length > 0));

const lossAt = (ending: Ending, shape: CrashLoss["shape"], { vendor, start }: Carrier): CrashLoss => ({
  kind: "crash-loss",
  shape,
  vendor,
  start,
  fn: ending.fn,
  call: ending.call,
  at: ending.call?.at ?? ending.fn.at,
  ...(ending.listeners[0] ? { handler: ending.listeners[0] } : {}),
});
