import { existsSync, lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Project } from "../program/project.js";

/** No lock file that anyone keeps is larger. */
const LARGEST = 40 * 1024 * 1024;

const texts = new WeakMap<Project, Map<string, string | undefined>>();

/** The text of a lock file, read once for a project and only when somebody asks; undefined when there is none. */
export function lockText(file: string, project: Project): string | undefined {
  let known = texts.get(project);
  if (!known) texts.set(project, (known = new Map()));
  if (!known.has(file)) known.set(file, read(path.join(project.index.root, file)));
  return known.get(file);
}

/**
 * The folders above a project, up to the top of its git work tree (none when it is that, or in no tree), the nearest first.
 * `up`: the way there (`../`); `prefix`: the project as seen from there (`packages/api`).
 */
export function foldersAbove(root: string): { up: string; prefix: string }[] {
  const found: { up: string; prefix: string }[] = [];
  let prefix = "";
  for (let dir = root, up = ""; !existsSync(path.join(dir, ".git"));) {
    const parent = path.dirname(dir);
    if (parent === dir) return [];
    prefix = prefix === "" ? path.basename(dir) : `${path.basename(dir)}/${prefix}`;
    up += "../";
    found.push({ up, prefix });
    dir = parent;
  }
  return found;
}

function read(absolute: string): string | undefined {
  try {
    const stats = lstatSync(absolute);
    return stats.isFile() && stats.size <= LARGEST ? readFileSync(absolute, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
