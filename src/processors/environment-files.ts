import { composeServicesOf } from "../deployment/compose.js";
import { fieldOf, itemsOf, textOf } from "../deployment/documents.js";
import { dockerfilesOf } from "../deployment/images.js";
import { isForWork } from "../deployment/for-work.js";
import { baseOf, dirOf, joinPath } from "../program/index/paths.js";
import type { Run } from "../program/program.js";
import type { Project } from "../program/project.js";
import { isRunBy } from "../startup/together.js";

/** A file of environment variables, and the programs that are started with what it says. */
export interface EnvironmentFile {
  file: string;
  runs: readonly Run[];
}

/** Files that show what may be set, and those of who works on the project or tests it. */
const isShown = (file: string): boolean =>
  /(^|[._-])(examples?|samples?|templates?|dist|defaults?|tpl|schema|model)([._-]|$)/i.test(baseOf(file));

const loadsItself = /^(?:dotenv|dotenv-safe|@dotenvx\/dotenvx|dotenv-expand)(?:\/config)?$/;

/** The files of variables that programs of a project are given: by compose, by a flag of Node, by dotenv, by Next.js. */
export function environmentFilesOf(runs: readonly Run[], project: Project): EnvironmentFile[] {
  const found = new Map<string, Set<Run>>();
  const add = (file: string | undefined, run: Run): void => {
    if (file === undefined || !project.index.manifestFiles.includes(file)) return;
    if (isShown(file) || isForWork(file) || project.index.isTest(file)) return;
    const own = found.get(file) ?? new Set();
    found.set(file, own.add(run));
  };
  for (const run of runs) {
    for (const file of ofCompose(run, project)) add(file, run);
    const dir = project.index.packageOf(run.entry.file)?.dir;
    if (dir === undefined) continue;
    for (const path of byFlag(dir, project)) add(joinPath(dir, path), run);
    for (const name of loaded(run, dir, project)) add(joinPath(dir, name), run);
  }
  return [...found].map(([file, own]) => ({ file, runs: [...own] }));
}

/** `env_file` of the services that run it. */
const ofCompose = (run: Run, project: Project): string[] =>
  composeServicesOf(project)
    .filter((service) => isRunBy(run, service, project))
    .flatMap(({ map, of }) => {
      const field = fieldOf(map, "env_file", of);
      const listed = itemsOf(field, of).map(
        (item): unknown => textOf(fieldOf(item, "path", of)) ?? item?.toJSON(),
      );
      return [textOf(field), ...listed].flatMap((path) =>
        typeof path === "string" ? (joinPath(dirOf(of.file), path) ?? []) : [],
      );
    });

/** `node --env-file=.env` in the scripts of its package, and in the image that is built beside it. */
function byFlag(dir: string, project: Project): string[] {
  const manifest = dir === "" ? "package.json" : `${dir}/package.json`;
  const scripts = Object.entries(project.index.packageOf(manifest)?.json?.scripts ?? {}).flatMap(
    ([name, line]) =>
      typeof line === "string" && !/(^|[:_-])(dev|test|debug|watch|e2e|lint)([:_-]|$)/.test(name)
        ? [line]
        : [],
  );
  const images = dockerfilesOf(project)
    .filter((file) => dirOf(file) === dir)
    .map((file) => (project.index.read(file) ?? "").replace(/["',]+/g, " "));
  return [...scripts, ...images].flatMap((line) =>
    [...line.matchAll(/\bnode\b[^\n&|;]*?--env-file(?:-if-exists)?[= ]\s*([\w./-]+)/g)].map(
      (m) => m[1] ?? "",
    ),
  );
}

/** Names of files beside its package.json that it reads by itself. */
function loaded(run: Run, dir: string, project: Project): string[] {
  const json = project.index.packageOf(dir === "" ? "package.json" : `${dir}/package.json`)?.json;
  if (run.entries.some((e) => e.reason === "framework") && json?.dependencies?.["next"] !== undefined)
    return [".env", ".env.production"];
  const reads = [...run.files].filter((file) =>
    project.index.scan(file).imports.some((i) => loadsItself.test(i.specifier)),
  );
  // a path of its own is another file
  const named = reads.some((file) => /\bpath\s*:/.test(project.index.read(file) ?? ""));
  return reads.length > 0 && !named ? [".env"] : [];
}
