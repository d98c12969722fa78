import { servedBy, isProducerModule } from "./producers.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";

/** How long a program lives: until somebody ends it, until its work is done, or as long as the program that loads it. */
export type Lifespan = "service" | "one-shot" | "library" | "invocation" | "unknown";

const WORK = /(^|\/)(scripts?|jobs?|cron(jobs)?|tasks?|cli|bin|commands?|migrations?|seeds?)\//;
const WORK_FILE = /(^|[/.-])(cli|cron|job|task|migrate|seed)(\.[a-z]+)?\.[mc]?[jt]sx?$/;

/** What the program shows of it. Cached. */
export function lifespanOf(run: Run, project: Project): Lifespan {
  let known = cache.get(run);
  if (known === undefined) cache.set(run, (known = find(run, project)));
  return known;
}

const cache = new WeakMap<Run, Lifespan>();

function find(run: Run, project: Project): Lifespan {
  const { entry } = run;
  if (entry.reason === "serverless") return "invocation";
  if (serves(run, project)) return "service";
  switch (entry.reason) {
    case "framework":
      return "invocation";
    case "bin":
      return "one-shot";
    case "main":
    case "exports":
      return "library";
    case "root":
      return isPublished(run, project) ? "library" : workOr("unknown", entry.file);
    default:
      return workOr("unknown", entry.file);
  }
}

const workOr = (other: Lifespan, file: string): Lifespan =>
  WORK.test(file) || WORK_FILE.test(file) ? "one-shot" : other;

/** A package that others install: whoever loads it decides when the program ends. */
export function isPublished(run: Run, project: Project): boolean {
  const json = project.index.packageOf(run.entry.file)?.json;
  if (!json || json.private === true || json.bin !== undefined) return false;
  if (json.name === undefined || json.scripts?.start !== undefined) return false;
  const entered = json.main ?? json.module ?? json.exports;
  // `npm init` writes a `main` into every package: those made for others say more
  return entered !== undefined && [json.files, json.exports, json.publishConfig].some((f) => f !== undefined);
}

/** Some file of the program makes a server listen or a consumer run. */
function serves(run: Run, project: Project): boolean {
  const { index } = project;
  for (const file of [run.entry.file, ...run.files]) {
    if (index.isTest(file)) continue;
    const producing = file === run.entry.file || index.scan(file).imports.some((i) => isProducerModule(i.specifier));
    const module = producing ? project.module(file) : undefined;
    if (module?.calls.some(({ call }) => servedBy(call, module, project))) return true;
  }
  return false;
}
