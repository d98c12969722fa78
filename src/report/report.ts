import type { Finding, Problem } from "../finding.js";

/** What a run hands to a report format. Times are milliseconds. */
export interface Report {
  findings: Finding[];
  problems: Problem[];
  /** Files looked at. */
  files: number;
  /** Entries that start telemetry. */
  programs: number;
  durationMs: number;
  /** Findings that a comment or `eslint-suppressions.json` silenced; they are not in `findings`. */
  suppressed: number;
}

/** How a format may print: colours only where somebody looks at them. */
export interface Style {
  colors: boolean;
}

/** One report format: gives the whole text, ending with a newline. */
export type Format = (report: Report, style: Style) => string;
