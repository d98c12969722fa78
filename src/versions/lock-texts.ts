import { lstatSync, readFileSync } from "node:fs";
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

function read(absolute: string): string | undefined {
  try {
    const stats = lstatSync(absolute);
    return stats.isFile() && stats.size <= LARGEST ? readFileSync(absolute, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
