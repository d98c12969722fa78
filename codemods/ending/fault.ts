import { closedPart, closesSharedClient, overBeforeItBegan } from "../../src/ending/closings.js";
import { inListener, prematureClosings, type Premature } from "../../src/ending/premature.js";
import type { Project } from "../../src/program/project.js";
import type { RunReport } from "../../src/program/view.js";
import type { Call } from "../../src/syntax/ir.js";

/** Which of the rule's sentences a report is. */
export type Fault =
  /** Given an aborted signal or no time. */
  | { kind: "over" }
  /** A part closed after it was handed to `use`. */
  | { kind: "part"; use: Call }
  /** Closed by the code that starts it. */
  | { kind: "premature"; early: Premature }
  /** A shared client closed after each use. */
  | { kind: "shared" };

/** Tells the faults apart that the rule reports, in the order in which it asks. */
export function faultOf(report: RunReport, project: Project): Fault | undefined {
  const { hit, call } = report;
  if (overBeforeItBegan(hit)) return { kind: "over" };
  const part = inListener(hit) ? undefined : closedPart(hit);
  if (part && call === hit.call) return { kind: "part", use: part.use };
  for (const run of project.runs()) {
    if (!run.hits.includes(hit)) continue;
    const early = prematureClosings(run).find((p) => p.call === call);
    if (early) return { kind: "premature", early };
    if (closesSharedClient(run, hit)) return { kind: "shared" };
  }
  return undefined;
}
