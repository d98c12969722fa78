import { crashCover, type Carrier } from "./covered.js";
import { packageOf } from "../ending/missing.js";
import { isLoadedByFolder } from "../program/loaded.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";

/** An SDK that a failure which never comes to the end of the process should reach: people install it to learn of errors. */
export const reporterOf = (run: Run, project: Project): Carrier | undefined =>
  crashCover(run, project).reporters.find((c) => isBegun(c, run, project));

/** An SDK of which the end of the process takes something along: a reporter is not told, all others lose what is buffered. */
export const carrierOf = (run: Run, project: Project): Carrier | undefined =>
  crashCover(run, project).carriers.find(
    (c) => isBegun(c, run, project) && (c.facts.reporter || losesByCrash(c, run, project)),
  );

/** It is started on the way from the entry, not by code that nobody is seen to call. A framework calls what it loads. */
const isBegun = ({ start }: Carrier, run: Run, project: Project): boolean =>
  start.stack[0]?.as !== "callback" || isLoadedByFolder(run, project);

function losesByCrash({ vendor, start, facts }: Carrier, run: Run, project: Project): boolean {
  // what only counts cannot be told of an error
  if (facts.tell === undefined || run.atOnce.has(vendor)) return false;
  if (packageOf(start, project)?.endings?.some((e) => /^(exit|uncaughtException)$/.test(e.event)))
    return false;
  return vendor.ambient || run.captured.has(vendor);
}
