import { existsSync, readFileSync, rmSync } from "node:fs";
import type { Analysis, Finding } from "../../finding.js";
import type { Analyser } from "../analyser.js";
import { CannotRun } from "../exit-codes.js";
import { type Offer, type Plan, type PlannedFile, planRepairs, type Skipped } from "./plan.js";
import { encode } from "./source.js";
import { failedRepairs } from "./verify.js";
import { writeAtomically, writeNew } from "./write.js";

/** What is on disk after repairs were applied. */
export interface Outcome {
  applied: Offer[];
  /** Left out or rolled back. */
  skipped: Skipped[];
  /** Files that were rewritten, or came to be. */
  files: string[];
  /** The analysis of the tree as it is now, and the analyser that gave it. */
  analysis: Analysis;
  analyser: Analyser;
}

/** A file changed under our hands: what is on disk is not what we wrote, so it was not rolled back. */
export class ConcurrentChange extends CannotRun {
  constructor(file: string) {
    super(`${file} was changed by another program while it was being repaired; look at it before you go on`);
    this.name = "ConcurrentChange";
  }
}

/** What the application of repairs needs. */
export interface Task {
  /** Real path of the root. */
  root: string;
  analyser: Analyser;
  /** What `analyser` found, suppressed findings included. */
  analysis: Analysis;
  offers: readonly Offer[];
  /** Files to leave alone, with the reason. */
  refuse: ReadonlyMap<string, string>;
  reopen: () => Analyser | Promise<Analyser>;
}

/**
 * Writes repairs, analyses the tree again and takes back what did not hold. Each round that takes something back leaves
 * those repairs out and starts from the old files, so in the end only repairs that hold are on disk.
 * @throws the error of the file system, or ConcurrentChange; files written until then are rolled back where possible
 */
export async function applyRepairs(task: Task): Promise<Outcome> {
  const rolledBack = new Map<Finding, Skipped>();
  for (;;) {
    const offers = task.offers.filter((offer) => !rolledBack.has(offer.finding));
    const plan = planRepairs(task.root, task.analyser, offers, task.refuse);
    const skipped = [...rolledBack.values(), ...plan.skipped];
    if (plan.files.length === 0) {
      return { applied: [], skipped, files: [], analysis: task.analysis, analyser: task.analyser };
    }
    writeAll(plan);
    let analyser: Analyser;
    let analysis: Analysis;
    let failed: Skipped[];
    try {
      analyser = await task.reopen();
      analysis = analyser.analyse();
      failed = failedRepairs(plan, task.analysis, analysis);
    } catch (error) {
      restore(plan.files);
      throw error;
    }
    if (failed.length === 0) {
      return {
        applied: plan.accepted,
        skipped,
        files: plan.files.map(({ file }) => file),
        analysis,
        analyser,
      };
    }
    restore(plan.files);
    for (const { finding, reason } of failed) {
      rolledBack.set(finding, { finding, reason: `rolled back: ${reason}` });
    }
  }
}

function writeAll(plan: Plan): void {
  const written: PlannedFile[] = [];
  try {
    for (const planned of plan.files) {
      const { target } = planned;
      const isChanged = target.isNew
        ? existsSync(target.path)
        : !readFileSync(target.path).equals(target.bytes);
      if (isChanged) throw new ConcurrentChange(planned.file);
      const bytes = encode(planned.after, target.source);
      if (target.isNew) writeNew(target, bytes);
      else writeAtomically(target, bytes);
      written.push(planned);
    }
  } catch (error) {
    restore(written);
    throw error;
  }
}

function restore(files: readonly PlannedFile[]): void {
  let changed: string | undefined;
  for (const { file, target, after } of files) {
    if (!readFileSync(target.path).equals(encode(after, target.source))) changed = file;
    else if (target.isNew) rmSync(target.path);
    else writeAtomically(target, target.bytes);
  }
  if (changed !== undefined) throw new ConcurrentChange(changed);
}
