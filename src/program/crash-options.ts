import type { CrashFacts, CrashOption } from "../knowledge/schema.js";
import type { Hit } from "../flow/world.js";
import { crashCover, crashListeners, factsOf, optionOf, swallows, switched } from "./covered.js";
import type { CrashLoss } from "./details.js";
import { exitsIn } from "./endings.js";
import { lifespanOf } from "./lifespan.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";

/** Options of SDKs that lose a crash, or keep the broken process alive after it. */
export function crashOptions(run: Run, project: Project): CrashLoss[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || lifespan === "invocation") return [];
  return run.hits.flatMap((start) => {
    if (start.kind !== "start" || !start.vendor || !start.call) return [];
    const facts = factsOf(start.vendor, start, project);
    return [...deafening(start, facts, run, project), ...surviving(start, facts, run, project)];
  });
}

/** `Sentry.init({ defaultIntegrations: false })`, and no listener of the program takes their place. */
function deafening(start: Hit, facts: CrashFacts, run: Run, project: Project): CrashLoss[] {
  if (!facts.reporter) return [];
  const cover = crashCover(run, project);
  const option = (facts.options ?? []).find(
    (o) =>
      o.events.some((e) => facts.hears.includes(e) && e !== "worker" && !cover.hears(e)) &&
      switched(o, start, project) === "off",
  );
  return option ? [lossOf(start, option, project)] : [];
}

/** `new Rollbar({ captureUncaught: true })`: the error arrives, and the process lives on in a state that nobody knows. */
function surviving(
  start: Hit,
  { endsWith, ends, options }: CrashFacts,
  run: Run,
  project: Project,
): CrashLoss[] {
  if (ends !== "never" || !endsWith || !start.call) return [];
  const { argument, property } = endsWith;
  const set = optionOf(argument, property, start.call.args, start.fn.module, project);
  if (set !== undefined && !(set !== "unknown" && set.k === "lit" && set.v === false)) return [];
  const option = options?.find(
    (o) => o.events.includes("uncaughtException") && switched(o, start, project) === "on",
  );
  if (!option) return [];
  const ended = crashListeners(run, project, "uncaughtException").some(
    (e) => exitsIn(e).length > 0 || e.open || !swallows(e, run, project),
  );
  return ended ? [] : [lossOf(start, option, project)];
}

function lossOf(start: Hit, { argument, property }: CrashOption, project: Project): CrashLoss {
  const value = optionOf(argument, property, start.call?.args ?? [], start.fn.module, project);
  return {
    kind: "crash-loss",
    shape: "option",
    vendor: start.vendor as NonNullable<Hit["vendor"]>,
    start,
    fn: start.fn,
    call: start.call,
    at: value === undefined || value === "unknown" ? start.at : value.at,
    option: property,
  };
}
