import type { Hit } from "../flow/world.js";
import type { CrashFacts } from "../knowledge/schema.js";
import { crashCover, crashListeners, factsOf, swallows } from "./covered.js";
import { hearingOf, optionOf, type Hearing } from "./crash-switches.js";
import type { CrashLoss } from "../program/details.js";
import { endingsOf, exitsIn } from "../program/endings.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { isStartedToReport } from "./started-to-report.js";

/**
 * Options of SDKs that lose a crash, or keep the broken process alive after it.
 * @param failsUnheard an entry of the program fails without anybody hearing it
 */
export function crashOptions(run: Run, project: Project, failsUnheard: boolean): CrashLoss[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || lifespan === "invocation") return [];
  return run.hits.flatMap((start) => {
    if (start.kind !== "start" || !start.vendor || !start.call || isOfPage(start, project)) return [];
    const facts = factsOf(start.vendor, start, project);
    // a command that tells of its own failures has made it deaf on purpose
    const tells = lifespan === "one-shot" && !failsUnheard;
    const deaf = tells || isStartedToReport(start, run) ? [] : deafening(start, facts, run, project);
    return [...deaf, ...surviving(start, facts, run, project)];
  });
}

/** It runs in a browser, where no process ends. */
const isOfPage = ({ fn }: Hit, project: Project): boolean =>
  /\b(window|document)\.\w/.test(project.index.read(fn.module.file) ?? "");

/** `Sentry.init({ defaultIntegrations: false })`, and no listener of the program takes their place. */
function deafening(start: Hit, facts: CrashFacts, run: Run, project: Project): CrashLoss[] {
  if (!facts.reporter || endingsOf(run, project).some((e) => e.kind === "crash" || e.kind === "owner"))
    return [];
  const cover = crashCover(run, project);
  const deaf = facts.hears
    .filter((e) => e !== "worker" && !cover.hears(e))
    .map((e) => hearingOf(facts, start, e, project))
    .find((h) => !h.hears && h.by !== undefined);
  return deaf ? lossesOf(start, deaf, true) : [];
}

/** `new Rollbar({ captureUncaught: true })`: the error arrives, and the process lives on in a state that nobody knows. */
function surviving(start: Hit, facts: CrashFacts, run: Run, project: Project): CrashLoss[] {
  const { endsWith, ends } = facts;
  if (ends !== "never" || !endsWith || !start.call) return [];
  const set = optionOf(endsWith.argument, endsWith.property, start.call.args, start.fn.module, project);
  if (set !== undefined && !(set !== "unknown" && set.k === "lit" && set.v === false)) return [];
  const heard = hearingOf(facts, start, "uncaughtException", project);
  const ended = crashListeners(run, project, "uncaughtException").some(
    (e) => exitsIn(e).length > 0 || e.open || !swallows(e, run, project),
  );
  return ended || !heard.hears ? [] : lossesOf(start, heard, false);
}

const lossesOf = (start: Hit, { by }: Hearing, deaf: boolean): CrashLoss[] =>
  by && start.vendor
    ? [
        {
          kind: "crash-loss",
          shape: "option",
          vendor: start.vendor,
          start,
          fn: start.fn,
          call: start.call,
          at: by.value.at,
          option: by.option.property || (by.option.call ?? ""),
          deaf,
        },
      ]
    : [];
