import type { Fn } from "../syntax/ir.js";
import { crashCover, crashListeners, type Carrier } from "./covered.js";
import { carrierOf } from "./crash-carriers.js";
import type { CrashLoss } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import { isOfLibrary } from "../program/loaded.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { runnersOf, type Job, type Runner } from "../program/runners.js";
import { rejectsUncaught } from "./uncaught.js";
import { says } from "../program/says.js";
import { isUncalled } from "../ending/uncalled.js";

/** More places than this explain nothing. */
const MOST_OTHERS = 10;

/**
 * Async functions of one program that are handed to what drops their promise: timers, schedules, consumers, listeners, routes
 * of express 4. When one rejects, nobody hears of it before it ends the process. Listeners and routes are told of together, at
 * the first one.
 */
export function asyncCallbacks(run: Run, project: Project): CrashLoss[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || lifespan === "invocation") return [];
  const carrier = carrierOf(run, project);
  if (!carrier || crashCover(run, project).hears("unhandledRejection")) return [];
  // a listener that swallows it is the bug then
  if (crashListeners(run, project, "unhandledRejection").length > 0) return [];
  const found: CrashLoss[] = [];
  let shared: CrashLoss | undefined;
  for (const { job, handler, runner } of dropped(run, project)) {
    const { call, fn } = job;
    const { kind, name } = runner.facts;
    const alone = kind === "schedule" || kind === "queue";
    if (!alone && shared) {
      const others = (shared.others ??= []);
      if (others.length < MOST_OTHERS)
        others.push({ fn, at: call.at, message: "an error in this one is lost as well" });
      continue;
    }
    const loss = lossAt(job, handler, name, carrier);
    found.push(loss);
    if (!alone) shared = loss;
  }
  return found;
}

const lossAt = ({ call, fn }: Job, handler: Fn, runner: string, { vendor, start }: Carrier): CrashLoss => ({
  kind: "crash-loss",
  shape: "async-callback",
  vendor,
  start,
  fn,
  call,
  at: call.at,
  handler,
  runner,
});

interface Dropped {
  job: Job;
  handler: Fn;
  runner: Runner;
}

/** What is handed over to be dropped, one for each call, in the order of files and lines. */
function dropped(run: Run, project: Project): Dropped[] {
  const found = new Map<Job["call"], Dropped>();
  for (const runner of runnersOf(run, project)) {
    if (runner.facts.failure !== "rejects" || isHeard(runner, run, project)) continue;
    if (isOfLibrary(runner.fn.module.file, run, project)) continue;
    for (const job of runner.jobs) {
      const handler = job.fns.find(
        (fn) =>
          !isOfLibrary(fn.module.file, run, project) && rejectsUncaught(fn, project, { returned: false }),
      );
      if (handler && !found.has(job.call) && !isUncalled(job.fn, run, project))
        found.set(job.call, { job, handler, runner });
    }
  }
  const file = ({ job }: Dropped): string => job.fn.module.file;
  return [...found.values()].sort((a, b) =>
    file(a) === file(b) ? a.job.call.at[0] - b.job.call.at[0] : file(a) < file(b) ? -1 : 1,
  );
}

/** What makes that what it runs may reject: a patch of the routes, an emitter or a schedule that is told to catch. */
const WRAPS = /["'](express-async-errors|@awaitjs\/express|express-promise-router)["']|captureRejections/;

function isHeard({ facts, hooks }: Runner, run: Run, project: Project): boolean {
  if (facts.kind === "schedule" && hooks.length > 0) return true;
  if (facts.kind !== "web" && facts.kind !== "emitter") return false;
  return [...run.files].some((file) => says(file, WRAPS, project));
}
