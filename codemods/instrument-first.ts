import type { Refusal, Repair } from "../src/finding.js";
import type { Project } from "../src/program/project.js";
import type { Report } from "../src/program/view.js";
import type { ChainRepair } from "./edit/repair.js";
import { loadings } from "./edit/imports.js";
import { openSource } from "./edit/source.js";
import { repairNotPreloaded } from "./loading/add-preload.js";
import { repairPreload } from "./loading/flags.js";
import { repairLateEnvironment } from "./loading/late-environment.js";
import { repairByPreload, repairLateStart } from "./loading/late-start.js";
import { moveLoading } from "./loading/move.js";
import { sceneOf } from "./loading/scene.js";
import { repairBundled } from "./loading/unbundle.js";
import { repairWorker } from "./loading/worker.js";

/** What is repaired where commands and bundles are written. */
const byCheck: Readonly<Record<string, ChainRepair>> = {
  preload: repairPreload,
  "not-preloaded": repairNotPreloaded,
  bundled: repairBundled,
  worker: repairWorker,
};

/**
 * Moves what starts the SDK, or reads its variables, in front of everything else that the program loads: an import to the first
 * place of its file, everything else into a file that is imported first.
 */
export function repairInstrumentFirst(report: Report, project: Project): Repair | Refusal | undefined {
  const { details, at } = report;
  if (details?.kind !== "chain-break") return undefined;
  const ofManifest = byCheck[details.check];
  if (ofManifest) return ofManifest(details, project);
  if (details.check === "late-environment") return repairLateEnvironment(details, at, project);
  const source = openSource(project, report.module.file);
  if (details.check !== "late-start" || !source) return undefined;
  const loading = loadings(source).find((l) => l.node.start <= at[0] && at[1] <= l.node.end);
  const isHook = details.names[3] === "hook";
  if (!loading) return repairLateStart(details, at, project, isHook);
  if (isHook) return repairByPreload(details, loading, project);
  const edits = moveLoading(source, loading, sceneOf(details, project));
  return edits && { level: "review", title: `Start ${details.names[0] ?? "it"} first`, edits };
}
