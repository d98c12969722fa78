import { otherSignals } from "../../src/delivery/other-signal.js";
import type { Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Report } from "../../src/program/view.js";
import { lineBelow } from "./lines.js";

const lines: Readonly<Record<string, string>> = {
  fly: 'kill_signal = "SIGTERM"',
  systemd: "KillSignal=SIGTERM",
};

/** Has Fly.io or systemd send the signal at which the program flushes. What pm2 sends is no setting of an app. */
export function repairSignal(report: Report, project: Project): Repair | undefined {
  const { file } = report.module;
  const found = otherSignals(project).find(
    ({ grace }) =>
      grace.place.fn.module.file === file && (grace.signalAt ?? grace.place.at)[0] === report.at[0],
  );
  const text = project.index.read(file);
  const line = lines[found?.grace.by ?? ""];
  if (!found || line === undefined || text === undefined) return undefined;
  const { signalAt, inside } = found.grace;
  if (!signalAt && !inside) return undefined;
  const edit = signalAt
    ? { file, start: signalAt[0], end: signalAt[1], text: line }
    : lineBelow(file, text, inside?.end ?? 0, "", line);
  return { level: "review", title: "Send SIGTERM", edits: [edit] };
}
