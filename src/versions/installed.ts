import type { PackageJson } from "../program/index/types.js";
import type { Project } from "../program/project.js";
import { catalogRange } from "./catalogs.js";
import { foldersAbove, lockText } from "./lock-texts.js";
import { readBunLock } from "./locks/bun.js";
import { readNpmLock } from "./locks/npm.js";
import { readPnpmLock } from "./locks/pnpm.js";
import type { Locked, LockReader } from "./locks/reader.js";
import { readYarnLock } from "./locks/yarn.js";
import { hasMember } from "./locks/members.js";
import { overrideOf } from "./overrides.js";
import { isIn, isWithin, versionOf } from "./ranges.js";

/** A package that a package.json asks for. */
export interface Dependency {
  name: string;
  /** The folder of the package.json that asks. */
  dir: string;
  /** The range in it. */
  declared: string;
  /** The range that takes its place, by a catalog or by the overrides of the project. */
  effective?: string;
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
export function isSurely(dependency: Dependency, range: string): boolean {
  const { version } = dependency;
  const known = version === undefined ? undefined : versionOf(version);
  return known ? isIn(known, range) === true : isWithin(rangeOf(dependency), range);
}

/** The range that an installation goes by. */
export const rangeOf = ({ declared, effective }: Dependency): string => effective ?? declared;

function installed(
  name: string,
  dir: string,
  declared: string,
  json: PackageJson | undefined,
  project: Project,
): Dependency | undefined {
  const override = overrideOf(name, project);
  const effective = override === "?" ? undefined : (override ?? catalogRange(name, declared, project));
  const { versions, isAbove } = lockedVersions(name, dir, declared, json?.name, project);
  const [version, ...others] = new Set(versions);
  const parsed = version === undefined ? undefined : versionOf(version);
  // two lock files that disagree
  if (others.length > 0) return undefined;
  const asked = { name, dir, declared, ...(effective === undefined ? {} : { effective }) };
  const isOther = parsed !== undefined && isIn(parsed, effective ?? declared) === false;
  if (parsed && (!isOther || override === "?")) return { ...asked, version };
  // a lock file that is older than the package.json beside it; what replaces ranges above the project is not known
  return override === "?" || isAbove ? undefined : { ...asked, version: undefined };
}

const READERS: Readonly<Record<string, LockReader>> = {
  "package-lock.json": readNpmLock,
  "npm-shrinkwrap.json": readNpmLock,
  "yarn.lock": readYarnLock,
  "pnpm-lock.yaml": readPnpmLock,
  "bun.lock": readBunLock,
};

const opened = new WeakMap<Project, Map<string, Locked | undefined>>();

/** What the lock files of the nearest folder that has some install, be it a folder of the same repository above the project. */
function lockedVersions(
  name: string,
  dir: string,
  range: string,
  by: string | undefined,
  project: Project,
): { versions: string[]; isAbove: boolean } {
  const asked = { by, name, range };
  for (let folder: string | undefined = dir; folder !== undefined;) {
    const inFolder = folder;
    const locks = locksIn((lock) => below(inFolder, lock), project);
    if (locks.length > 0) {
      const within = dir.slice(folder === "" ? 0 : folder.length + 1);
      return { versions: locks.flatMap((locked) => locked({ ...asked, dir: within }) ?? []), isAbove: false };
    }
    folder = folder === "" ? undefined : above(folder);
  }
  for (const { up, prefix } of foldersAbove(project.index.root)) {
    const within = dir === "" ? prefix : `${prefix}/${dir}`;
    const locks = Object.keys(READERS).flatMap((lock) => {
      const text = lockText(`${up}${lock}`, project);
      return text !== undefined && hasMember(lock, text, within)
        ? (open(`${up}${lock}`, lock, project) ?? [])
        : [];
    });
    if (locks.length > 0)
      return { versions: locks.flatMap((locked) => locked({ ...asked, dir: within }) ?? []), isAbove: true };
  }
  return { versions: [], isAbove: false };
}

const locksIn = (at: (lock: string) => string, project: Project): Locked[] =>
  Object.keys(READERS).flatMap((lock) => open(at(lock), lock, project) ?? []);

function open(file: string, kind: string, project: Project): Locked | undefined {
  let known = opened.get(project);
  if (!known) opened.set(project, (known = new Map()));
  if (!known.has(file)) {
    const text = lockText(file, project);
    known.set(file, text === undefined ? undefined : READERS[kind]?.(text));
  }
  return known.get(file);
}

const below = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);
const above = (folder: string): string =>
  folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
