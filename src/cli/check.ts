import { formats, type FormatName } from "../report/formats.js";
import type { Report } from "../report/report.js";
import { exitCodes } from "./exit-codes.js";
import type { Host } from "./host.js";
import { isIncomplete, survey } from "./survey.js";

/** Options of `telemetry-fix check`. */
export interface CheckOptions {
  format: FormatName;
  strict: boolean;
  /** Warnings that still count as clean; undefined means that every finding counts. */
  maxWarnings: number | undefined;
}

/** Reports what loses telemetry under the working directory and writes nothing. Gives the exit code. */
export async function check(host: Host, paths: readonly string[], options: CheckOptions): Promise<number> {
  const { report, selection } = await survey(host, paths, options.strict);
  host.stdout.write(formats[options.format](report, { colors: host.stdout.colors }));
  if (isIncomplete(report, selection)) {
    host.stderr.write("telemetry-fix: something could not be checked, see the problems above\n");
    return exitCodes.failed;
  }
  return isAccepted(report, options.maxWarnings) ? exitCodes.clean : exitCodes.findings;
}

function isAccepted(report: Report, maxWarnings: number | undefined): boolean {
  if (maxWarnings === undefined) return report.findings.length === 0;
  const warnings = report.findings.filter((finding) => finding.level === "warning").length;
  return warnings <= maxWarnings && report.findings.every((finding) => finding.level !== "error");
}
