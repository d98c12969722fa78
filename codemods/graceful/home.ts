import type { Project } from "../../src/program/project.js";
import type { Run } from "../../src/program/program.js";
import type { Module } from "../../src/syntax/ir.js";
import { openPage, type Page } from "../ending/page.js";
import { loadedBy } from "../flush/loaded.js";
import { mayServe, type Server, servingCalls, serversIn } from "./servers.js";

/** A file in which a graceful ending belongs: what it starts has to come to its end first. */
export interface Home {
  page: Page;
  module: Module;
  servers: Server[];
}

/** The runs of the project that start something in a module. */
export const runsStarting = (module: Module, project: Project): Run[] =>
  project.runs().filter((run) => run.hits.some((h) => h.kind === "start" && h.fn.module === module));

/**
 * The files with the servers of all programs that start telemetry in a module, one for each program; undefined when some
 * program has none, or several among which nothing chooses.
 */
export function homesOf(
  module: Module,
  project: Project,
  open: (file: string) => Page | undefined,
): Home[] | undefined {
  const homes = new Map<string, Home>();
  const runs = runsStarting(module, project);
  for (const run of runs) {
    const serving = servingFiles(run, project, open);
    const home =
      serving.length === 1
        ? serving[0]
        : (serving.find((h) => h.module === module) ?? serving.find((h) => h.module.file === run.entry.file));
    if (!home) return undefined;
    homes.set(home.module.file, home);
  }
  return homes.size > 0 && homes.size <= MOST_HOMES ? [...homes.values()] : undefined;
}

/** A shared package is started by many programs: their endings are theirs to write. */
const MOST_HOMES = 3;

function servingFiles(run: Run, project: Project, open: (file: string) => Page | undefined): Home[] {
  const found: Home[] = [];
  for (const file of [...loadedBy(project, run.entry)].sort()) {
    if (project.index.isTest(file) || !mayServe(file, project)) continue;
    const module = project.module(file);
    const page = module && servingCalls(module, project).length > 0 ? open(file) : undefined;
    const servers = module && page ? serversIn(page, module, project) : [];
    if (module && page && servers.length > 0) found.push({ page, module, servers });
  }
  return found;
}

/** Opens each file once, so that its nodes are the same for all parts of a repair. */
export function pagesOf(project: Project): (file: string) => Page | undefined {
  const opened = new Map<string, Page | undefined>();
  return (file) => {
    if (!opened.has(file)) opened.set(file, openPage(project, file));
    return opened.get(file);
  };
}
