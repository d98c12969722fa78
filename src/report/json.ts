import type { Format } from "./report.js";

/** The public JSON contract, version 1. Fields are only ever added to it; none is renamed or removed. */
export const json: Format = (report) => {
  const contract = {
    version: 1,
    findings: report.findings.map((finding) => ({
      rule: finding.rule,
      ...(finding.check === undefined ? {} : { check: finding.check }),
      level: finding.level,
      file: finding.file,
      line: finding.line,
      column: finding.column,
      endLine: finding.endLine,
      endColumn: finding.endColumn,
      message: finding.message,
      fix: finding.fix,
      why: finding.why.map(({ file, line, column, message }) => ({ file, line, column, message })),
      fingerprint: finding.fingerprint,
    })),
    problems: report.problems.map(({ kind, file, message }) => ({ kind, file, message })),
    summary: {
      files: report.files,
      programs: report.programs,
      durationMs: Math.round(report.durationMs),
      suppressed: report.suppressed,
    },
  };
  return `${JSON.stringify(contract, null, 2)}\n`;
};
