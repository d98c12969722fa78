import picocolors from "picocolors";
import type { Finding, Level, Problem } from "../finding.js";
import type { Format, Report } from "./report.js";
import { printable } from "./printable.js";

type Colors = ReturnType<typeof picocolors.createColors>;

/** For people: findings by file, each with the path that explains it, and a line that sums up. */
export const stylish: Format = (report, { colors }) => {
  const paint = picocolors.createColors(colors);
  const blocks = byFile(report.findings).map(([file, findings]) =>
    [paint.underline(printable(file)), ...findings.flatMap((finding) => findingLines(finding, paint))].join(
      "\n",
    ),
  );
  if (report.problems.length > 0) blocks.push(problemLines(report.problems, paint).join("\n"));
  blocks.push(summary(report, paint));
  return `${blocks.join("\n\n")}\n`;
};

function byFile(findings: Finding[]): [string, Finding[]][] {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = files.get(finding.file);
    if (list) list.push(finding);
    else files.set(finding.file, [finding]);
  }
  return [...files];
}

function findingLines(finding: Finding, paint: Colors): string[] {
  const place = `${finding.line}:${finding.column}`;
  const offer =
    finding.fix === null ? "" : paint.dim(finding.fix === "safe" ? " (repair: safe)" : " (repair: review)");
  return [
    `  ${paint.dim(place)}  ${levelWord(finding.level, paint)}  ${printable(finding.message)}  ${paint.dim(finding.rule)}${offer}`,
    ...finding.why.map(
      (reason) =>
        `      ${paint.dim(`${printable(reason.file)}:${reason.line}:${reason.column}`)}  ${printable(reason.message)}`,
    ),
  ];
}

function levelWord(level: Level, paint: Colors): string {
  if (level === "error") return paint.red(level);
  return level === "warning" ? paint.yellow(level) : paint.blue(level);
}

function problemLines(problems: Problem[], paint: Colors): string[] {
  return [
    paint.underline("Not checked"),
    ...problems.map(
      (problem) =>
        `  ${printable(problem.file)}  ${paint.yellow(problem.kind)}  ${printable(problem.message)}`,
    ),
  ];
}

function summary(report: Report, paint: Colors): string {
  const where = `${counted(report.files, "file")}, ${counted(report.programs, "program")} with telemetry`;
  const hidden = report.suppressed > 0 ? `, ${report.suppressed} suppressed` : "";
  if (report.findings.length === 0) {
    return `${paint.green("No lost telemetry found")} (${where}${hidden})`;
  }
  const errors = count(report.findings, "error");
  const warnings = count(report.findings, "warning");
  const notes = count(report.findings, "note");
  const levels = [
    counted(errors, "error"),
    counted(warnings, "warning"),
    ...(notes > 0 ? [counted(notes, "note")] : []),
  ];
  const paintTotal = errors > 0 ? paint.red : paint.yellow;
  return `${paintTotal(counted(report.findings.length, "finding"))}: ${levels.join(", ")} (${where}${hidden})`;
}

function count(findings: Finding[], level: Level): number {
  return findings.filter((finding) => finding.level === level).length;
}

/** `1 file`, `2 files`. */
export function counted(total: number, noun: string): string {
  return `${total} ${noun}${total === 1 ? "" : "s"}`;
}
