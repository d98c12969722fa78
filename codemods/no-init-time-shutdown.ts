import type { Edit, Repair } from "../src/finding.js";
import { overBeforeItBegan } from "../src/program/closings.js";
import type { Project } from "../src/program/project.js";
import type { Report } from "../src/program/view.js";
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
import { pathToCall, readSource, type Source } from "./ending/source.js";
import { closingStatement } from "./ending/statement.js";
import { wholeOf } from "./ending/whole.js";

/**
 * The repair of a `no-init-time-shutdown` report: the closing goes, and the ending of the program does it.
 * @returns undefined when nothing sound can be offered
 */
export function repairNoInitTimeShutdown(report: Report, project: Project): Repair | undefined {
  const source = readSource(project, report.module.file);
  const fault = source && faultOf(report, project);
  if (!source || !fault || !report.call) return undefined;
  switch (fault.kind) {
    case "over": {
      const aborted = overBeforeItBegan(report.hit)?.includes("aborted") === true;
      return review("Give the shutdown time to send", giveTime(source, report.call, report.hit.facts, aborted));
    }
    case "shared":
      return review("Flush here, and keep the client open", flushInstead(source, report, project));
    case "part":
    case "premature":
      return remove(source, report, fault, project);
  }
}

const review = (title: string, edits: Edit[] | undefined): Repair | undefined => edits && { level: "review", title, edits };

function remove(source: Source, report: Report, fault: Fault & { kind: "part" | "premature" }, project: Project): Repair | undefined {
  const { call, hit, module } = report;
  if (!call) return undefined;
  const path = pathToCall(source.program, call.at);
  const doomed = path.length > 0 ? closingStatement(path) : undefined;
  const taken = doomed && cut(source, doomed);
  if (!doomed || !taken) return undefined;
  const goal = fault.kind === "part" ? ofPart(source, report, fault.use, project) : ofSdk(source, report, project);
  if (!goal) return undefined;
  if (hasEnding(project, report, goal.handle)) {
    return { level: "safe", title: "Remove the closing; the program's ending does it", edits: [taken.edit, ...dropImport(source, call)] };
  }
  if (!goal.closing) return undefined;
  const start = fault.kind === "premature" ? fault.early.start : project.runs().flatMap((run) => [...run.started.values()]).find((s) => s.vendor === hit.vendor && s.fn.module === module);
  const behind = [doomed.statement.start, ...goal.behind];
  if (start?.fn.module === module) behind.push(start.at[0]);
  const block = goal.block ?? doomed.container;
  return review("Close when the program ends", moveToEnding(source, { closing: goal.closing, cut: taken, block, behind }, project, module));
}

/** What the ending has to close instead. */
interface Goal {
  handle: Handle;
  closing: Closing | undefined;
  block: Cut["doomed"]["container"] | undefined;
  behind: number[];
}

function ofSdk(source: Source, report: Report, project: Project): Goal | undefined {
  const { hit } = report;
  if (!hit.call || !hit.vendor) return undefined;
  const handle = handleOf(hit.call, hit.value, hit.vendor.name, hit.fn.module, project);
  return { handle, closing: closingOf(source, report, project), block: undefined, behind: [] };
}

function ofPart(source: Source, report: Report, use: Parameters<typeof wholeOf>[1], project: Project): Goal | undefined {
  const whole = wholeOf(source, use, report.module, project);
  return whole && { handle: whole.handle, closing: whole.closing, block: blockOf(source, whole.at), behind: [whole.at[0]] };
}
