import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Analysis, Finding, Problem } from "../finding.js";
import { packageSettings, type PackageSettings } from "../package-settings.js";
import { commentsIn } from "../report/comments.js";
import { mayHaveDirectives, type Silenced, silencedBy } from "../report/directives.js";
import type { Report } from "../report/report.js";
import { applySuppressions, type BulkSuppressions, parseBulkSuppressions } from "../report/suppressions.js";
import type { Analyser } from "./analyser.js";
import { CannotRun } from "./exit-codes.js";
import type { Host } from "./host.js";
import { Progress } from "./progress.js";
import { type Selection, selectionOf } from "./selection.js";

const bulkFile = "eslint-suppressions.json";

/** What one look at the tree gave. */
export interface Survey {
  root: string;
  selection: Selection;
  analyser: Analyser;
  /** Everything, suppressed and unselected findings included. */
  analysis: Analysis;
  /** What the person asked about and did not suppress. */
  report: Report;
  reopen: () => Analyser | Promise<Analyser>;
}

/**
 * Analyses the tree under the working directory and keeps what the paths select and no comment silences.
 * @throws CannotRun for a bad path, or for settings or suppressions that cannot be read
 */
export async function survey(host: Host, paths: readonly string[], strict: boolean): Promise<Survey> {
  const begun = performance.now();
  const root = realpathSync(host.cwd);
  const selection = selectionOf(root, paths);
  const bulk = readBulk(root);
  const { sdks, checks } = readSettings(root);
  const progress = new Progress(host.stderr);
  const reopen = () => host.openAnalyser({ root, strict, sdks, checks, onProgress: progress.step });
  try {
    const analyser = await reopen();
    const analysis = analyser.analyse();
    const report = reportOf(analysis, analyser, selection, bulk, performance.now() - begun);
    return { root, selection, analyser, analysis, report, reopen };
  } finally {
    progress.end();
  }
}

/** The report of a later analysis of the same tree, selected and suppressed in the same way. */
export function resurvey(old: Survey, analysis: Analysis, analyser: Analyser): Report {
  return reportOf(analysis, analyser, old.selection, readBulk(old.root), old.report.durationMs);
}

/** True when a run cannot be called done: a rule crashed, or a file that was asked for by name was not read. */
export function isIncomplete(report: Report, selection: Selection): boolean {
  return report.problems.some((problem) => problem.kind === "crash" || selection.files.has(problem.file));
}

function reportOf(
  analysis: Analysis,
  analyser: Analyser,
  selection: Selection,
  bulk: BulkSuppressions,
  durationMs: number,
): Report {
  const selected = analysis.findings.filter((finding) => selection.has(finding.file));
  const findings = withoutSuppressed(selected, analyser, bulk);
  return {
    findings,
    problems: analysis.problems.filter((problem) => isOurs(problem, selection)),
    files: analysis.files,
    programs: analysis.programs,
    durationMs,
    suppressed: selected.length - findings.length,
  };
}

function isOurs(problem: Problem, selection: Selection): boolean {
  return problem.kind === "crash" || selection.has(problem.file);
}

function withoutSuppressed(findings: Finding[], analyser: Analyser, bulk: BulkSuppressions): Finding[] {
  const known = new Map<string, Silenced | undefined>();
  const silenced = (file: string) => {
    if (!known.has(file)) known.set(file, directivesOf(file, analyser.read(file) ?? ""));
    return known.get(file);
  };
  return applySuppressions(findings, silenced, bulk);
}

function directivesOf(file: string, text: string): Silenced | undefined {
  return mayHaveDirectives(text) ? silencedBy(text, commentsIn(file, text)) : undefined;
}

function readSettings(root: string): PackageSettings {
  try {
    return packageSettings(root);
  } catch (error) {
    if (error instanceof TypeError) throw new CannotRun(error.message);
    throw error;
  }
}

function readBulk(root: string): BulkSuppressions {
  let text: string;
  try {
    text = readFileSync(join(root, bulkFile), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw new CannotRun(`${bulkFile} cannot be read: ${(error as Error).message}`);
  }
  try {
    return parseBulkSuppressions(text);
  } catch (error) {
    throw new CannotRun(`${bulkFile} is not a suppressions file: ${(error as Error).message}`);
  }
}
