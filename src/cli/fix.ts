import { counted, stylish } from "../report/stylish.js";
import type { Report } from "../report/report.js";
import { applyRepairs } from "./apply/apply.js";
import { type Offer, type Plan, planRepairs, type Skipped } from "./apply/plan.js";
import { type Protection, protectionOf } from "./apply/protection.js";
import { unifiedDiff } from "./diff.js";
import { CannotRun, exitCodes } from "./exit-codes.js";
import type { Host } from "./host.js";
import { isIncomplete, resurvey, survey, type Survey } from "./survey.js";

/** Options of `telemetry-fix`. */
export interface FixOptions {
  write: boolean;
  /** Also repairs that somebody should read first. */
  unsafe: boolean;
  allowDirty: boolean;
  strict: boolean;
  dryRun: boolean;
}

/**
 * Shows the diff of the pending repairs, and applies them when told to: by `--write`, or by a yes on a terminal. Gives
 * the exit code.
 * @throws CannotRun when files that git could not bring back would be rewritten without being told to
 */
export async function fix(host: Host, paths: readonly string[], options: FixOptions): Promise<number> {
  const seen = await survey(host, paths, options.strict);
  const offers = offersOf(seen, options.unsafe);
  const files = [...new Set(offers.flatMap((offer) => offer.repair.edits.map((edit) => edit.file)))];
  const protection = files.length > 0 ? protectionOf(seen.root, files) : noProtection;
  const refuse = new Map(protection.ignored.map((file) => [file, "is ignored by git"]));
  const plan = planRepairs(seen.root, seen.analyser, offers, refuse);
  const isWriting = options.write && !options.dryRun;

  if (!isWriting) {
    writeReport(host, seen.report);
    host.stdout.write(unifiedDiff(plan.files, host.stdout.colors));
    writeSkipped(host, [...plan.skipped, ...refused(seen)]);
    host.stderr.write(outlook(seen.report, plan, options));
  }
  const risks = risksOf(protection, plan);
  const isAgreed =
    isWriting ||
    (plan.files.length > 0 &&
      !options.dryRun &&
      host.ask !== undefined &&
      (await host.ask(question(plan, risks))));
  if (!isAgreed) return exitCodeOf(seen.report, seen);
  if (isWriting && !options.allowDirty && risks.length > 0) {
    throw new CannotRun(
      `nothing was written, because git could not bring back the old text of these files:\n${risks.join("\n")}\nCommit them first, or pass --allow-dirty.`,
    );
  }
  const after = await apply(host, seen, offers, refuse);
  return exitCodeOf(after, seen);
}

const noProtection: Protection = { modified: [], unprotected: [], ignored: [] };

function offersOf(seen: Survey, unsafe: boolean): Offer[] {
  const offers: Offer[] = [];
  for (const finding of seen.report.findings) {
    if (finding.fix === null) continue;
    try {
      const repair = seen.analyser.repair(finding);
      if (repair && (unsafe || repair.level === "safe")) offers.push({ finding, repair });
    } catch (error) {
      const message = `the repair of ${finding.rule} at ${finding.line}:${finding.column} crashed: ${String(error)}`;
      seen.report.problems.push({ kind: "crash", file: finding.file, message });
    }
  }
  return offers;
}

/** Findings without a repair whose codemod says why. */
function refused({ report, analyser }: Survey): Skipped[] {
  return report.findings.flatMap((finding) => {
    const reason = finding.fix === null ? analyser.refusal?.(finding) : undefined;
    return reason === undefined ? [] : [{ finding, reason }];
  });
}

async function apply(
  host: Host,
  seen: Survey,
  offers: readonly Offer[],
  refuse: ReadonlyMap<string, string>,
): Promise<Report> {
  const { root, analyser, analysis, reopen } = seen;
  const outcome = await applyRepairs({ root, analyser, analysis, offers, refuse, reopen });
  for (const file of outcome.files) host.stdout.write(`repaired ${file}\n`);
  const report = resurvey(seen, outcome.analysis, outcome.analyser);
  report.problems.push(...seen.report.problems.filter((problem) => problem.kind === "crash"));
  writeReport(host, report);
  writeSkipped(host, outcome.skipped);
  host.stderr.write(
    `${counted(outcome.applied.length, "repair")} applied in ${counted(outcome.files.length, "file")}\n`,
  );
  return report;
}

function exitCodeOf(report: Report, { selection }: Survey): number {
  if (isIncomplete(report, selection)) return exitCodes.failed;
  return report.findings.length === 0 ? exitCodes.clean : exitCodes.findings;
}

function writeReport(host: Host, report: Report): void {
  host.stderr.write(stylish(report, { colors: host.stderr.colors }));
}

function writeSkipped(host: Host, skipped: readonly Skipped[]): void {
  for (const { finding, reason } of skipped) {
    host.stderr.write(`not repaired: ${finding.file}:${finding.line} (${finding.rule}): ${reason}\n`);
  }
}

/** What the person can do next, in one line; empty when there is nothing to do. */
function outlook(report: Report, plan: Plan, options: FixOptions): string {
  const parts: string[] = [];
  if (plan.accepted.length > 0) {
    parts.push(
      `${counted(plan.accepted.length, "repair")} pending in ${counted(plan.files.length, "file")}: --write applies`,
    );
  }
  const review = report.findings.filter((finding) => finding.fix === "review").length;
  if (review > 0 && !options.unsafe)
    parts.push(`${counted(review, "repair")} to be reviewed: --unsafe shows`);
  return parts.length > 0 ? `${parts.join("; ")}\n` : "";
}

function risksOf(protection: Protection, plan: Plan): string[] {
  const planned = new Set(plan.files.map(({ file }) => file));
  return [
    ...protection.modified.map((file) => [file, "has changes that are not committed"] as const),
    ...protection.unprotected.map((file) => [file, "is not tracked by git"] as const),
  ]
    .filter(([file]) => planned.has(file))
    .map(([file, why]) => `  ${file} ${why}`);
}

function question(plan: Plan, risks: readonly string[]): string {
  const warning = risks.length > 0 ? `git could not bring back the old text:\n${risks.join("\n")}\n` : "";
  return `${warning}Apply ${counted(plan.accepted.length, "repair")} to ${counted(plan.files.length, "file")}? [y/N] `;
}
