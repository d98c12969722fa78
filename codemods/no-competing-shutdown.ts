import type { Edit, Repair } from "../src/finding.js";
import type { Hit } from "../src/flow/world.js";
import type { CompetingShutdown } from "../src/program/details.js";
import type { Project } from "../src/program/project.js";
import type { RunReport } from "../src/program/view.js";
import { bounded } from "./deadline/bounded.js";
import { openSource } from "./edit/source.js";
import type { Page } from "./ending/page.js";
import { pagesOf } from "./graceful/home.js";
import { exitOnlyAlone } from "./graceful/host.js";
import { leaveToOwner } from "./graceful/owner.js";
import { closeLast } from "./graceful/order.js";
import { closeAfterAll } from "./graceful/parallel.js";
import { oneEnding } from "./graceful/race.js";

/**
 * Makes one coordinated ending of two that get in each other's way.
 * @returns undefined when nothing sound can be offered
 */
export function repairNoCompetingShutdown(report: RunReport, project: Project): Repair | undefined {
  const { details, module } = report;
  const open = pagesOf(project);
  const page = open(module.file);
  if (details?.kind !== "competing-shutdown" || !page) return undefined;
  const edits = editsFor(page, report, details, project, open);
  return edits && { level: "review", title: TITLES[details.shape], edits };
}

const TITLES: Record<CompetingShutdown["shape"], string> = {
  listeners: "Make one ending of the two listeners",
  owner: "Leave the ending to its owner",
  host: "End the process only where nobody else listens",
  order: "Close telemetry last",
  parallel: "Close telemetry last",
  held: "Bound the wait",
};

function editsFor(
  page: Page,
  report: RunReport,
  details: CompetingShutdown,
  project: Project,
  open: (file: string) => Page | undefined,
): Edit[] | undefined {
  switch (details.shape) {
    case "order":
      return closeLast(page, details, project, report.module);
    case "parallel":
      return closeAfterAll(page, details);
    case "listeners":
      return oneEnding(details, project, open);
    case "owner":
      return leaveToOwner(details, project, open);
    case "host":
      return exitOnlyAlone(details, project, open);
    case "held":
      return details.close && boundedClose(details.close, project);
  }
}

/** The wait, wherever it stands, is given a limit. */
function boundedClose({ call, fn, facts }: Hit, project: Project): Edit[] | undefined {
  const source = openSource(project, fn.module.file);
  const node = call && source?.at(call.at, "CallExpression");
  return source && node && bounded(project, source, node, facts?.timeout)?.edits;
}
