import type { Repair } from "../src/finding.js";
import type { Project } from "../src/program/project.js";
import type { RunReport } from "../src/program/view.js";
import type { Node } from "../src/syntax/parse.js";
import { bounded } from "./deadline/bounded.js";
import { exitInFinally } from "./deadline/then-exit.js";
import { releasedTimer } from "./deadline/timer.js";
import { sideBySide } from "./deadline/together.js";
import { rightUnit } from "./deadline/unit.js";
import { openSource, type Source } from "./edit/source.js";
import { calledAt } from "./floating/called.js";
import { errorLog } from "./floating/log.js";
import { placeOf } from "./floating/place.js";

/**
 * Gives a wait in an ending an end: a limit, a caught rejection, a timer that holds nothing up.
 * @returns undefined where the wait cannot be bounded at its place
 */
export function repairRequireShutdownDeadline(report: RunReport, project: Project): Repair | undefined {
  const { details, call, module } = report;
  const source = openSource(project, module.file);
  const node = call && source?.at(call.at, "CallExpression");
  if (details?.kind !== "unbounded-shutdown" || !source || !node) return undefined;
  const timeout = (
    calledAt(project, source, node)?.target?.facts ??
    (call === details.flush.call ? details.flush.facts : undefined)
  )?.timeout;
  switch (details.shape) {
    case "no-limit":
    case "over-budget":
      return bounded(project, source, node, timeout);
    case "one-by-one":
      return sideBySide(source, details.sequence ?? []);
    case "wrong-unit":
      return timeout && rightUnit(project, source, node, timeout);
    case "then-exit":
      return exitInFinally(project, source, node);
    case "uncaught":
      return caught(project, source, node);
    case "race-timer":
      return releasedTimer(project, source, node);
  }
}

/** The rejection of an awaited call is logged, so that what follows is reached. */
function caught(project: Project, source: Source, node: Node): Repair | undefined {
  const place = placeOf(source, node);
  if (place?.is !== "awaited" || place.caught) return undefined;
  const edit = source.insert(place.chain.end, `.catch(${errorLog(project, source, node)})`);
  return { level: "review", title: "Catch its failure, so that the exit is reached", edits: [edit] };
}
