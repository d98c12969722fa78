import { constants } from "node:os";
import type { ProveReport, Verdict } from "./command.js";

/** How many names of one signal the text form lists. */
const maxNames = 10;

const verdicts: Record<Verdict, string> = {
  kept: "Nothing was lost.",
  lost: "Telemetry was lost.",
  hung: "The program was still running at its deadline and was killed.",
  unknown: "How much was recorded is not known: let the program print `recorded <n>`, or say what to expect.",
};

/** The report as text, ending in a line break; control characters in names are shown as `?`. */
export function renderProve(report: ProveReport): string {
  const lines = [`${verdicts[report.verdict]}`, "", "received:"];
  if (report.received.length === 0) lines.push("  nothing");
  for (const { receiver, signal, count, names } of report.received) {
    lines.push(`  ${String(count).padStart(5)} ${signal} (${receiver})`);
    for (const { name, count: times } of names.slice(0, maxNames)) {
      lines.push(`          ${printable(name)}${times > 1 ? ` x${times}` : ""}`);
    }
    if (names.length > maxNames) lines.push(`          and ${names.length - maxNames} more`);
  }
  if (report.lost && report.recorded !== null) {
    lines.push(`lost:     ${report.lost.total} of ${report.recorded}`);
    for (const name of report.lost.names) lines.push(`          ${printable(name)}`);
  }
  lines.push(`ended:    ${ending(report)}`, `took:     ${took(report)}`);
  for (const note of report.notes) lines.push(`note:     ${printable(note)}`);
  return `${lines.join("\n")}\n`;
}

function ending({ scenario, signal, exitCode, timedOut }: ProveReport): string {
  if (scenario === "freeze" && signal === "SIGKILL" && !timedOut) return "frozen";
  return signal ? `by signal ${signal} (${constants.signals[signal]})` : `with exit code ${exitCode}`;
}

function took({ durationMillis, endingMillis, deadlineMillis }: ProveReport): string {
  if (endingMillis === null) return `${durationMillis} ms of ${deadlineMillis} ms`;
  return `${durationMillis} ms; ${endingMillis} ms of ${deadlineMillis} ms from the signal on`;
}

function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- names come from the program and must not move the cursor
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}
