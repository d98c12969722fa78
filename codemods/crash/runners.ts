import type { Edit, Repair } from "../../src/finding.js";
import type { CrashLoss } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { RunReport } from "../../src/program/view.js";
import { catchInCallbacks } from "./runner-callbacks.js";
import type { Mended } from "./runner-catch.js";
import { hearRunner } from "./runner-listen.js";
import { tellInHook } from "./runner-hook.js";
import { type Scene, sceneOf } from "./scene.js";
import { addHook } from "./web-missing.js";
import { moveHook } from "./web-order.js";

/** Lets telemetry hear of the failures of a runner; undefined where nothing sound can be offered. */
export function repairRunner(report: RunReport, project: Project): Repair | undefined {
  const scene = sceneOf(report, project);
  const way = scene && WAYS[scene.details.shape];
  const mended = scene && way?.repair(scene);
  const edits = mended && once(mended.edits);
  if (!way || !edits || edits.length === 0) return undefined;
  return { level: mended.safe ? "safe" : "review", title: way.title(scene.details), edits };
}

interface Way {
  title: (details: CrashLoss) => string;
  repair: (scene: Scene) => Mended | undefined;
}

const tell = ({ vendor }: CrashLoss): string => `Tell ${vendor.name} of the failure`;

const WAYS: Partial<Record<CrashLoss["shape"], Way>> = {
  "unheard-runner": {
    title: ({ vendor, runner = "runner" }) => `Tell ${vendor.name} of the failures of the ${runner}`,
    repair: hearRunner,
  },
  "runner-swallows": { title: tell, repair: tellInHook },
  "async-callback": { title: () => "Catch the failure where nobody else does", repair: catchInCallbacks },
  "missing-hook": {
    title: ({ vendor, runner = "app" }) => `Tell ${vendor.name} of the failures of the ${runner}`,
    repair: addHook,
  },
  "hook-order": { title: ({ vendor }) => `Move the hook of ${vendor.name} to its place`, repair: moveHook },
};

/** Two places may ask for the same import. */
const once = (edits: readonly Edit[]): Edit[] =>
  edits.filter(
    (e, i) =>
      edits.findIndex(
        (o) => o.file === e.file && o.start === e.start && o.end === e.end && o.text === e.text,
      ) === i,
  );
