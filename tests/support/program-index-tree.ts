/** Writes small projects into temporary folders for the tests of the project index. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach } from "vitest";
import { openProject } from "../../src/program/index/project.js";
import type { Entry, ProjectIndex, ProjectOptions } from "../../src/program/index/types.js";

const made: string[] = [];

afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

export type Files = Record<string, string | Buffer | object>;

/** Writes files (objects as JSON) below a new temporary folder and gives its path. */
export function tree(files: Files): string {
  const root = mkdtempSync(path.join(os.tmpdir(), "telemetry-fix-index-"));
  made.push(root);
  write(root, files);
  return root;
}

export function write(root: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const plain = typeof content === "string" || Buffer.isBuffer(content);
    writeFileSync(file, plain ? content : JSON.stringify(content, null, 2));
  }
}

/** Opens the index of a new project, without a cache on disk. */
export function project(files: Files, options: ProjectOptions = {}): ProjectIndex {
  return openProject(tree(files), { cacheDir: false, ...options });
}

/** `reason file [preloads] [packages]`, roots left out unless asked for. */
export function told(entries: readonly Entry[], roots = false): string[] {
  return entries
    .filter(({ reason }) => roots || reason !== "root")
    .map(({ reason, file, preloads, preloadPackages }) =>
      [
        reason,
        file,
        ...preloads.map((preload) => `<${preload}`),
        ...preloadPackages.map((name) => `<<${name}`),
      ].join(" "),
    );
}
