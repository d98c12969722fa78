import { isObject } from "../program/index/json.js";
import type { PackageJson } from "../program/index/types.js";
import type { Project } from "../program/project.js";
import { lockText } from "./lock-texts.js";
import { readBunLock } from "./locks/bun.js";
import { readNpmLock } from "./locks/npm.js";
import { readPnpmLock } from "./locks/pnpm.js";
import type { Locked, LockReader } from "./locks/reader.js";
import { readYarnLock } from "./locks/yarn.js";
import { isIn, isWithin, versionOf } from "./ranges.js";

/** A package that a package.json asks for. */
export interface Dependency {
  name: string;
  /** The folder of the package.json that asks. */
  dir: string;
  /** The range in it. */
  declared: string;
  /** The version that the lock file installs for it. */
  version: string | undefined;
}

const LISTS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

/** Lists of package.json in which a dependency may stand. */
export const dependencyLists: readonly string[] = LISTS;

/** What a file gets when it imports a package, as far as the package.json around it, or one above, and the lock file tell. */
export function dependencyOf(file: string, name: string, project: Project): Dependency | undefined {
  const { index } = project;
  let folder = index.packageOf(file)?.dir;
  while (folder !== undefined) {
    const json = index.packageOf(below(folder, "package.json"))?.json;
    const declared = LISTS.map((list) => json?.[list]?.[name]).find((range) => typeof range === "string");
    if (declared !== undefined) return installed(name, folder, declared, json, project);
    folder = folder === "" ? undefined : above(folder);
  }
  return undefined;
}

/** Whether what is installed is surely in a range: its version, or without one every version that may be installed. */
export function isSurely({ declared, version }: Dependency, range: string): boolean {
  const known = version === undefined ? undefined : versionOf(version);
  return known ? isIn(known, range) === true : isWithin(declared, range);
}

function installed(
  name: string,
  dir: string,
  declared: string,
  json: PackageJson | undefined,
  project: Project,
): Dependency | undefined {
  const overridden = isOverridden(name, project);
  const versions = new Set(lockedVersions(name, dir, declared, json?.name, project));
  const [version, ...others] = versions;
  const parsed = version === undefined ? undefined : versionOf(version);
  // two lock files that disagree
  if (others.length > 0) return undefined;
  // a lock file that is older than the package.json beside it
  const stale = !parsed || (isIn(parsed, declared) === false && !overridden);
  if (!stale) return { name, dir, declared, version };
  return overridden ? undefined : { name, dir, declared, version: undefined };
}

const READERS: Readonly<Record<string, LockReader>> = {
  "package-lock.json": readNpmLock,
  "npm-shrinkwrap.json": readNpmLock,
  "yarn.lock": readYarnLock,
  "pnpm-lock.yaml": readPnpmLock,
  "bun.lock": readBunLock,
};

const opened = new WeakMap<Project, Map<string, Locked | undefined>>();

/** What the lock files of the nearest folder that has some install. */
function lockedVersions(
  name: string,
  dir: string,
  range: string,
  by: string | undefined,
  project: Project,
): string[] {
  for (let folder: string | undefined = dir; folder !== undefined;) {
    const inFolder = folder;
    const locks = Object.keys(READERS).flatMap((lock) => open(below(inFolder, lock), lock, project) ?? []);
    if (locks.length > 0) {
      const asked = { dir: dir.slice(folder === "" ? 0 : folder.length + 1), by, name, range };
      return locks.flatMap((locked) => locked(asked) ?? []);
    }
    folder = folder === "" ? undefined : above(folder);
  }
  return [];
}

function open(file: string, kind: string, project: Project): Locked | undefined {
  let known = opened.get(project);
  if (!known) opened.set(project, (known = new Map()));
  if (!known.has(file)) {
    const text = lockText(file, project);
    known.set(file, text === undefined ? undefined : READERS[kind]?.(text));
  }
  return known.get(file);
}

/** Whether the project replaces the versions that its packages ask for. */
function isOverridden(name: string, project: Project): boolean {
  const json = project.index.packageOf("package.json")?.json;
  const pnpm = json?.["pnpm"];
  const lists = [json?.["overrides"], json?.["resolutions"], isObject(pnpm) ? pnpm["overrides"] : undefined];
  if (lists.some((list) => list !== undefined && JSON.stringify(list).includes(name))) return true;
  const lock = lockText("pnpm-lock.yaml", project) ?? "";
  const overrides = /^overrides:[ ]*\r?\n(?: .*\r?\n)*/m.exec(lock.slice(0, 20_000))?.[0];
  return overrides?.includes(name) ?? false;
}

const below = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);
const above = (folder: string): string =>
  folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
