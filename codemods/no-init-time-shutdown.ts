import type { Edit, Repair } from "../src/finding.js";
import { overBeforeItBegan } from "../src/ending/closings.js";
import type { Project } from "../src/program/project.js";
import type { RunReport } from "../src/program/view.js";
import { hasEnding } from "./ending/closers.js";
import { closingOf, type Closing } from "./ending/closing.js";
import { cut, type Cut } from "./ending/cut.js";
import { moveToEnding } from "./ending/ending.js";
import { faultOf, type Fault } from "./ending/fault.js";
import { handleOf, type Handle } from "./ending/handles.js";
import { dropImport } from "./ending/imports.js";
import { giveTime } from "./ending/limits.js";
import { blockOf } from "./ending/place.js";
import { flushInstead } from "./ending/repeatable.js";
import { openPage, type Page } from "./ending/page.js";
import { closingStatement } from "./ending/statement.js";
import { wholeOf } from "./ending/whole.js";

/**
 * The repair of a `no-init-time-shutdown` report: the closing goes, and the ending of the program does it.
 * @returns undefined when nothing sound can be offered
 */
export function repairNoInitTimeShutdown(report: RunReport, project: Project): Repair | undefined {
  const page = openPage(project, report.module.file);
  const fault = page && faultOf(report, project);
  if (!page || !fault || !report.call) return undefined;
  switch (fault.kind) {
    case "over":
      return review(
        "Give the shutdown time to send",
        giveTime(page, report.call, report.hit.facts, hasAbortedSignal(report)),
      );
    case "shared":
      return review("Flush here, and keep the client open", flushInstead(page, report, project));
    case "part":
    case "premature":
      return remove(page, report, fault, project);
  }
}

/** Whether the signal alone would be too early, whatever the time limit beside it. */
function hasAbortedSignal({ hit, call }: RunReport): boolean {
  const args =
    call?.args.map((a) =>
      a.k === "obj" ? { ...a, props: a.props.filter((p) => p.name === "signal") } : a,
    ) ?? [];
  return call !== undefined && overBeforeItBegan({ ...hit, call: { ...call, args } }) !== undefined;
}

const review = (title: string, edits: Edit[] | undefined): Repair | undefined =>
  edits && { level: "review", title, edits };

function remove(
  page: Page,
  report: RunReport,
  fault: Fault & { kind: "part" | "premature" },
  project: Project,
): Repair | undefined {
  const { call, hit, module } = report;
  if (!call) return undefined;
  const node = page.callAt(call.at);
  const doomed = node && closingStatement(page.pathTo(node));
  const taken = doomed && cut(page, doomed);
  if (!doomed || !taken) return undefined;
  const goal =
    fault.kind === "part" ? ofPart(page, report, fault.use, project) : ofSdk(page, report, project);
  if (!goal) return undefined;
  if (hasEnding(project, report, goal.handle)) {
    return {
      level: "safe",
      title: "Remove the closing; the program's ending does it",
      edits: [taken.edit, ...dropImport(page, call)],
    };
  }
  if (!goal.closing) return undefined;
  const start =
    fault.kind === "premature"
      ? fault.early.start
      : project
          .runs()
          .flatMap((run) => [...run.started.values()])
          .find((s) => s.vendor === hit.vendor && s.fn.module === module);
  const behind = [doomed.statement.start, ...goal.behind];
  if (start?.fn.module === module) behind.push(start.at[0]);
  const block = goal.block ?? doomed.container;
  return review(
    "Close when the program ends",
    moveToEnding(page, { closing: goal.closing, cut: taken, block, behind }, project, module),
  );
}

/** What the ending has to close instead. */
interface Goal {
  handle: Handle;
  closing: Closing | undefined;
  block: Cut["doomed"]["container"] | undefined;
  behind: number[];
}

function ofSdk(page: Page, report: RunReport, project: Project): Goal | undefined {
  const { hit } = report;
  if (!hit.call || !hit.vendor) return undefined;
  const handle = handleOf(hit.call, hit.value, hit.vendor.name, hit.fn.module, project);
  return { handle, closing: closingOf(page, report, project), block: undefined, behind: [] };
}

function ofPart(
  page: Page,
  report: RunReport,
  use: Parameters<typeof wholeOf>[1],
  project: Project,
): Goal | undefined {
  const whole = wholeOf(page, use, report.module, project);
  return (
    whole && {
      handle: whole.handle,
      closing: whole.closing,
      block: blockOf(page, whole.at),
      behind: [whole.at[0]],
    }
  );
}
