import { lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Project } from "../program/project.js";

/** The lock files of npm, yarn, pnpm and bun, and how each writes a package (`%`) with its version. */
const LOCKS: Readonly<Record<string, string>> = {
  "package-lock.json": String.raw`"(?:[^"\n]*/)?node_modules/%":\s*\{\s*"version":\s*"(\d[\w.+-]*)"`,
  "yarn.lock": String.raw`^"?%@[^\n]*:\r?\n\s+version:?\s+"?(\d[\w.+-]*)`,
  "pnpm-lock.yaml": String.raw`^\s+['"]?/?%[@/](\d[\w.+-]*)`,
  "bun.lock": String.raw`\["%@(\d[\w.+-]*)"`,
};

/** No lock file that anyone keeps is larger. */
const LARGEST = 40 * 1024 * 1024;

/** Every version of a package in the lock file beside a package, or the one at the root of the project; none where there is no such file. */
export function lockedVersions(name: string, dir: string, project: Project): string[] {
  for (const folder of dir === "" ? [""] : [dir, ""]) {
    for (const [file, pattern] of Object.entries(LOCKS)) {
      const text = textOf(path.join(project.index.root, folder, file), project);
      if (text === undefined) continue;
      const wanted = pattern.replace("%", name.replaceAll(".", String.raw`\.`));
      return [...text.matchAll(new RegExp(wanted, "gm"))].flatMap(([, version]) => version ?? []);
    }
  }
  return [];
}

const texts = new WeakMap<Project, Map<string, string | undefined>>();

function textOf(absolute: string, project: Project): string | undefined {
  let known = texts.get(project);
  if (!known) texts.set(project, (known = new Map()));
  if (!known.has(absolute)) known.set(absolute, read(absolute));
  return known.get(absolute);
}

function read(absolute: string): string | undefined {
  try {
    const stats = lstatSync(absolute);
    return stats.isFile() && stats.size <= LARGEST ? readFileSync(absolute, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
