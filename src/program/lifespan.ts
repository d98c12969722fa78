import { invocationsIn } from "../invocation/handlers.js";
import { servedApp } from "../invocation/served.js";
import { loopsForever } from "./endless.js";
import { servedBy, isProducerModule } from "./producers.js";
import type { Project } from "./project.js";
import type { PackageJson } from "./index/types.js";
import type { Run } from "./program.js";
import { says } from "./says.js";

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
  if (entry.reason === "serverless" || isHosted(run, project) || isInvoked(run, project)) return "invocation";
  const loaded = entry.reason === "main" || entry.reason === "exports";
  if (loaded && isPublished(run, project)) return "library";
  const json = project.index.packageOf(entry.file)?.json;
  if (json && asksFor(json, /^(react-native|expo)$/)) return "invocation";
  if (entry.reason === "framework" && !(json && asksFor(json, /^@nestjs\/core$/)))
    return isOclif(run, project) ? "one-shot" : "invocation";
  // an application on a desktop ends as a whole, whatever serves inside it
  if (isDesktop(run, project)) return workOr("unknown", entry.file);
  if (serves(run, project)) return "service";
  if (entry.reason === "root" && project.module(entry.file)?.exports.has("handler")) return "invocation";
  switch (entry.reason) {
    case "bin":
      return "one-shot";
    case "main":
    case "exports":
    case "root":
      return isApplication(run, project) ? workOr(alone(run, project), entry.file) : "library";
    default:
      return workOr(alone(run, project), entry.file);
  }
}

const workOr = (other: Lifespan, file: string): Lifespan =>
  WORK.test(file) || WORK_FILE.test(file) ? "one-shot" : other;

/** The main process of Electron. */
function isDesktop({ entry }: Run, project: Project): boolean {
  const json = project.index.packageOf(entry.file)?.json;
  const loads = project.index
    .scan(entry.file)
    .imports.some((i) => i.kind !== "type" && i.specifier === "electron");
  return loads || (entry.reason === "main" && json !== undefined && asksFor(json, /^electron$/));
}

const HOSTED =
  /^(@azure\/functions|firebase-functions|@google-cloud\/functions-framework|aws-lambda|@netlify\/functions|@vercel\/functions|@sveltejs\/kit)/;

/** Written for a platform that starts, freezes and ends it. */
const isHosted = (run: Run, project: Project): boolean =>
  [...run.files].some((file) =>
    project.index.scan(file).imports.some((i) => i.kind !== "type" && HOSTED.test(i.specifier)),
  );

/** The platform runs functions of the entry, one event after the other. */
function isInvoked(run: Run, project: Project): boolean {
  const module = project.module(run.entry.file);
  return (
    (module !== undefined && invocationsIn(module, project).length > 0) ||
    servedApp(run, project)?.file === run.entry.file
  );
}

export const isOclif = (run: Run, project: Project): boolean =>
  project.index.packageOf(run.entry.file)?.json?.oclif !== undefined;

/** Not made to be loaded by others: private, with a start of its own, or the main file of Electron. */
function isApplication(run: Run, project: Project): boolean {
  const json = project.index.packageOf(run.entry.file)?.json;
  if (!json) return run.entry.reason === "root";
  if (json.devDependencies?.electron ?? json.dependencies?.electron) return true;
  if (json.scripts?.start !== undefined) return true;
  // a package of a workspace is loaded by its neighbours
  if (isPrivate(json))
    return run.entry.reason === "root" || project.index.packageOf(run.entry.file)?.dir === "";
  return run.entry.reason === "root" && !isPublished(run, project);
}

/** A program of files, telemetry and built-in modules that wait for nobody comes to its end by itself. */
function alone(run: Run, project: Project): Lifespan {
  const { index } = project;
  const entry = project.module(run.entry.file);
  if (entry?.fns.some(loopsForever)) return "service";
  const finite = [...run.files].every((file) => {
    const known = index
      .scan(file)
      .imports.every(
        ({ specifier }) =>
          index.resolve(file, specifier) !== undefined ||
          project.lookup.package(specifier) !== undefined ||
          specifier.startsWith("@opentelemetry/") ||
          FINITE.test(specifier),
      );
    return known && !says(file, WAITS, project);
  });
  return finite ? "one-shot" : "unknown";
}

const FINITE =
  /^(node:)?(fs|fs\/promises|path|os|util|url|crypto|zlib|stream|stream\/promises|process|assert|buffer|perf_hooks)$/;
const WAITS = /setInterval|WebSocket|EventSource|process\.stdin|\bDeno\.|\bBun\./;

/** As a string it means the same to npm. */
const isPrivate = (json: PackageJson): boolean => json.private !== undefined && json.private !== false;

const asksFor = (json: PackageJson, name: RegExp): boolean =>
  Object.keys({ ...json.dependencies, ...json.devDependencies }).some((d) => name.test(d));

/** A package that others install: whoever loads it decides when the program ends. */
export function isPublished(run: Run, project: Project): boolean {
  const json = project.index.packageOf(run.entry.file)?.json;
  if (!json || isPrivate(json) || json.bin !== undefined) return false;
  if (json.name === undefined || json.scripts?.start !== undefined) return false;
  const entered = json.main ?? json.module ?? json.exports;
  // `npm init` writes a `main` into every package: those made for others say more
  if (entered === undefined) return false;
  return (
    [json.files, json.exports, json.publishConfig].some((f) => f !== undefined) ||
    Object.values(json.scripts ?? {}).some((script) => /\bnpm publish\b/.test(script))
  );
}

/** Some file of the program makes a server listen or a consumer run. */
function serves(run: Run, project: Project): boolean {
  const { index } = project;
  for (const file of [run.entry.file, ...run.files]) {
    if (index.isTest(file)) continue;
    const producing =
      file === run.entry.file || index.scan(file).imports.some((i) => isProducerModule(i.specifier));
    const module = producing ? project.module(file) : undefined;
    if (module?.calls.some(({ call }) => servedBy(call, module, project))) return true;
  }
  return false;
}
