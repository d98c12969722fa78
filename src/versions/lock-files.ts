import type { Project } from "../program/project.js";
import { lockText } from "./lock-texts.js";

/** The lock files of npm, yarn, pnpm and bun, and how each writes a package (`%`) with its version. */
const LOCKS: Readonly<Record<string, string>> = {
  "package-lock.json": String.raw`"(?:[^"\n]*/)?node_modules/%":\s*\{\s*"version":\s*"(\d[\w.+-]*)"`,
  "yarn.lock": String.raw`^"?%@[^\n]*:\r?\n\s+version:?\s+"?(\d[\w.+-]*)`,
  "pnpm-lock.yaml": String.raw`^\s+['"]?/?%[@/](\d[\w.+-]*)`,
  "bun.lock": String.raw`\["%@(\d[\w.+-]*)"`,
};

/** Every version of a package in the lock file beside a package, or the one at the root of the project; none where there is no such file. */
export function lockedVersions(name: string, dir: string, project: Project): string[] {
  for (const folder of dir === "" ? [""] : [dir, ""]) {
    for (const [file, pattern] of Object.entries(LOCKS)) {
      const text = lockText(folder === "" ? file : `${folder}/${file}`, project);
      if (text === undefined) continue;
      const wanted = pattern.replace("%", name.replaceAll(".", String.raw`\.`));
      return [...text.matchAll(new RegExp(wanted, "gm"))].flatMap(([, version]) => version ?? []);
    }
  }
  return [];
}
