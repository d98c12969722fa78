import type { Analysis, Finding } from "../../finding.js";
import { lineStarts } from "../../syntax/parse.js";
import { mapRange, type Range } from "./edits.js";
import type { Offer, Plan, PlannedFile, Skipped } from "./plan.js";

/**
 * Judges written repairs by a second analysis: a file must still be readable, and where a repair worked, in all of its files
 * together, there must be fewer findings of its rule than before and no more of any other.
 * @returns the repairs that did not hold, each with the reason
 */
export function failedRepairs(plan: Plan, before: Analysis, after: Analysis): Skipped[] {
  const files = new Map(plan.files.map((planned) => [planned.file, new Written(planned)]));
  const known = new Set(before.problems.map((problem) => `${problem.kind}\0${problem.file}`));
  const unchecked = new Map(
    after.problems
      .filter((problem) => files.has(problem.file) && !known.has(`${problem.kind}\0${problem.file}`))
      .map((problem) => [problem.file, problem.message]),
  );
  const repaired = new Set(plan.accepted.map((offer) => offer.finding));
  const failed: Skipped[] = [];
  for (const offer of plan.accepted) {
    const reason = failureOf(offer, files, unchecked, before.findings, after.findings, repaired);
    if (reason !== undefined) failed.push({ finding: offer.finding, reason });
  }
  return failed;
}

function failureOf(
  offer: Offer,
  files: ReadonlyMap<string, Written>,
  unchecked: ReadonlyMap<string, string>,
  before: readonly Finding[],
  after: readonly Finding[],
  repaired: ReadonlySet<Finding>,
): string | undefined {
  const touched = new Set([offer.finding.file, ...offer.repair.edits.map((edit) => edit.file)]);
  for (const file of touched) {
    const problem = unchecked.get(file);
    if (problem !== undefined) return `${file} could not be checked after it: ${problem}`;
  }
  // what it moved into another file is still the same finding
  const there: Finding[] = [];
  const left: Finding[] = [];
  for (const file of touched) {
    const written = files.get(file);
    if (!written) continue;
    const ranges = written.rangesOf(offer);
    there.push(
      ...after.filter(
        (finding) => finding.file === file && ranges.some((range) => written.isNewIn(finding, range.new)),
      ),
    );
    left.push(
      ...before.filter(
        (finding) =>
          finding.file === file &&
          !repaired.has(finding) &&
          ranges.some((range) => written.isOldIn(finding, range.old)),
      ),
    );
  }
  for (const rule of new Set(there.map((finding) => finding.rule))) {
    const count = (findings: readonly Finding[]) =>
      findings.filter((finding) => finding.rule === rule).length;
    if (count(there) > count(left)) {
      return rule === offer.finding.rule
        ? "the finding was still there after it"
        : `${rule} was reported there after it`;
    }
  }
  return undefined;
}

/** A file before and after its edits, with places turned into offsets. */
class Written {
  readonly #planned: PlannedFile;
  readonly #oldStarts: number[];
  readonly #newStarts: number[];

  constructor(planned: PlannedFile) {
    this.#planned = planned;
    this.#oldStarts = lineStarts(planned.target.source.text);
    this.#newStarts = lineStarts(planned.after);
  }

  /** Where a repair works in this file: at its finding, and at each of its edits. */
  rangesOf(offer: Offer): { old: Range; new: Range }[] {
    const file = this.#planned.file;
    const ranges: Range[] = offer.repair.edits.filter((edit) => edit.file === file);
    const { finding } = offer;
    if (finding.file === file) {
      ranges.push({
        start: offsetOf(this.#oldStarts, finding.line, finding.column),
        end: offsetOf(this.#oldStarts, finding.endLine, finding.endColumn),
      });
    }
    return ranges.map((range) => ({ old: range, new: mapRange(range, this.#planned.edits) }));
  }

  isOldIn(finding: Finding, range: Range): boolean {
    return isIn(offsetOf(this.#oldStarts, finding.line, finding.column), range);
  }

  isNewIn(finding: Finding, range: Range): boolean {
    return isIn(offsetOf(this.#newStarts, finding.line, finding.column), range);
  }
}

function offsetOf(starts: readonly number[], line: number, column: number): number {
  return (starts[line - 1] ?? 0) + column - 1;
}

function isIn(offset: number, range: Range): boolean {
  return offset >= range.start && offset <= range.end;
}
