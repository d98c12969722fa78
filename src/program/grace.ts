import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { lifespanOf } from "./lifespan.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";

/** The time between the signal and the kill, in milliseconds, and the compose file that gives it. */
export interface Grace {
  millis: number;
  file: string;
}

/** What Docker gives a container that says nothing of it (https://docs.docker.com/reference/compose-file/services/#stop_grace_period). */
const DEFAULT_MILLIS = 10_000;

const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
/** Somebody works on the sources: no container that anything is lost with. */
const WORK = /\b(dev|watch|nodemon|test|debug|turbo|concurrently)\b/;

const require = createRequire(import.meta.url);

/** The grace period of the container that the package of a program is built into, when a compose file beside it (or at the root) shows that. */
export function graceOf(run: Run, project: Project): Grace | undefined {
  const dir = project.index.packageOf(run.entry.file)?.dir;
  if (dir === undefined || !isTheService(run, dir, project)) return undefined;
  for (const home of new Set([dir, ""]))
    for (const name of NAMES) {
      const file = home === "" ? name : `${home}/${name}`;
      const text = project.index.read(file);
      if (text === undefined || isOverridden(file, project)) continue;
      const millis = periodsIn(text, home, dir);
      if (millis.length > 0) return { millis: Math.max(...millis), file };
    }
  return undefined;
}

/** Of several services in one package an image may run any, unless it names the program. */
function isTheService(run: Run, dir: string, project: Project): boolean {
  if (run.entries.some((e) => e.reason === "dockerfile")) return true;
  const isService = (r: Run): boolean => lifespanOf(r, project) === "service";
  return !project
    .runs()
    .some((r) => r !== run && project.index.packageOf(r.entry.file)?.dir === dir && isService(r));
}

const OVERRIDES = ["override", "prod", "production", "staging", "deploy"];

/** A second file that is laid over the first gives a period of its own. */
const isOverridden = (file: string, project: Project): boolean =>
  OVERRIDES.some((word) =>
    ["yaml", "yml"].some((ending) =>
      project.index.read(file.replace(/ya?ml$/, `${word}.${ending}`))?.includes("stop_grace_period"),
    ),
  );

type Fields = Record<string, unknown>;
const isObject = (v: unknown): v is Fields => typeof v === "object" && v !== null && !Array.isArray(v);

/** The periods of the services that are built from a folder. */
function periodsIn(text: string, home: string, dir: string): number[] {
  // few projects have one: the parser is loaded only for them
  const yaml = require("yaml") as typeof Yaml;
  let file: unknown;
  try {
    file = yaml.parse(text, { logLevel: "silent", maxAliasCount: 100, merge: true });
  } catch {
    return [];
  }
  const services = isObject(file) && isObject(file["services"]) ? Object.values(file["services"]) : [];
  return services.filter(isObject).flatMap((s) => {
    if (!isBuiltFrom(s, home, dir) || isWorkedOn(s)) return [];
    const period = s["stop_grace_period"];
    const unsaid = s["extends"] === undefined ? DEFAULT_MILLIS : undefined;
    const millis = period === undefined ? unsaid : millisIn(period);
    // a period that cannot be read may be any
    return [millis ?? Infinity];
  });
}

function isBuiltFrom({ build }: Fields, home: string, dir: string): boolean {
  const given = isObject(build) ? build : { context: build };
  const context = typeof given["context"] === "string" ? given["context"] : isObject(build) ? "." : undefined;
  if (context === undefined) return false;
  const dockerfile = typeof given["dockerfile"] === "string" ? given["dockerfile"] : "Dockerfile";
  const from = join(home, context);
  return from === dir || join(from, dockerfile.replace(/[^/]*$/, "")) === dir;
}

function join(home: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${home}/${path}`.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return parts.join("/");
}

/** Its sources are mounted into it, or its command is that of somebody who works on them. */
function isWorkedOn({ command, entrypoint, volumes, build }: Fields): boolean {
  const target = isObject(build) ? build["target"] : undefined;
  const words = JSON.stringify([command ?? "", entrypoint ?? "", target ?? ""]);
  const mounts = Array.isArray(volumes) ? volumes.map((v) => JSON.stringify(v)) : [];
  return (
    WORK.test(words) ||
    mounts.some((m) => /^"\.{1,2}\/?(:|[^":]*\b(src|app|lib)\b)/.test(m)) ||
    mounts.some((m) => /"source":"\.{1,2}\/?"/.test(m))
  );
}

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `1m30s`, `30s`; undefined when it is none. */
function millisIn(period: unknown): number | undefined {
  if (typeof period !== "string" || !/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(period)) return undefined;
  let sum = 0;
  for (const [, n, unit] of period.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g))
    sum += Number(n) * (UNITS[unit ?? ""] ?? 0);
  return sum;
}
