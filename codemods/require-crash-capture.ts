import type { Edit, Repair } from "../src/finding.js";
import type { CrashLoss } from "../src/program/details.js";
import type { Project } from "../src/program/project.js";
import type { RunReport } from "../src/program/view.js";
import { captureBeside } from "./crash/breadcrumb.js";
import type { Completed } from "./crash/complete.js";
import { startFirst } from "./crash/early.js";
import { catchEntry } from "./crash/entry.js";
import { endAfterCrash, waitForCrash } from "./crash/listener.js";
import { setOption } from "./crash/option.js";
import { takeError } from "./crash/owner.js";
import { repairRunner } from "./crash/runners.js";
import { type Scene, sceneOf } from "./crash/scene.js";
import { startHere } from "./crash/start-here.js";
import { completeCatch } from "./crash/swallowed.js";

/**
 * Lets a failure reach telemetry: entries get a `catch`, handlers are completed, options set.
 * @returns undefined when nothing sound can be offered
 */
export function repairRequireCrashCapture(report: RunReport, project: Project): Repair | undefined {
  const { details } = report;
  if (details?.kind !== "crash-loss") return undefined;
  const way = WAYS[details.shape];
  if (!way) return repairRunner(report, project);
  const scene = sceneOf(report, project);
  const done = scene && way.repair(scene);
  const edits = done && apart(done.edits);
  const title = done?.onlySent ? `Send what ${details.vendor.name} has before the end` : way.title(details);
  return edits && { level: done.safe ? "safe" : "review", title, edits };
}

interface Way {
  title: (details: CrashLoss) => string;
  repair: (scene: Scene) => Completed | undefined;
}

const tell = ({ vendor }: CrashLoss): string => `Tell ${vendor.name} of the failure`;
const tellAndEnd = ({ vendor }: CrashLoss): string =>
  `Tell ${vendor.name} of the failure, and wait before the end`;

/** The repairs of entries, handlers and captures; those of runners are elsewhere. */
const WAYS: Partial<Record<CrashLoss["shape"], Way>> = {
  "floating-entry": { title: tellAndEnd, repair: catchEntry },
  "awaited-entry": { title: tellAndEnd, repair: catchEntry },
  "swallowed-entry": { title: tell, repair: completeCatch },
  zombie: { title: tell, repair: completeCatch },
  "listener-swallows": { title: tellAndEnd, repair: endAfterCrash },
  monitor: { title: () => "Listen to uncaughtException, where there is time to send", repair: waitForCrash },
  "owner-ignores": { title: tell, repair: takeError },
  option: { title: () => "Let the SDK hear of crashes, and end the process", repair: setOption },
  breadcrumb: { title: tell, repair: captureBeside },
  "before-init": { title: ({ vendor }) => `Start ${vendor.name} first`, repair: startFirst },
  "no-init": { title: ({ vendor }) => `Start ${vendor.name} here as well`, repair: startHere },
  // which copy the project means to keep is not for a tool to say
  "other-copy": { title: tell, repair: () => undefined },
};

/** The same edit asked for twice is made once; edits that would touch each other were made for different texts. */
function apart(edits: readonly Edit[]): Edit[] | undefined {
  const all = edits
    .filter((e, i) => edits.findIndex((o) => isSame(o, e)) === i)
    .sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start || a.end - b.end);
  const clash = all.some((e, i) => {
    const last = all[i - 1];
    return last !== undefined && last.file === e.file && last.end > e.start;
  });
  return clash || all.length === 0 ? undefined : all;
}

const isSame = (a: Edit, b: Edit): boolean =>
  a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;
