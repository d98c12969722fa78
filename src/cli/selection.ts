import { realpathSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { CannotRun } from "./exit-codes.js";

/** The part of the tree that the arguments name. */
export interface Selection {
  has(file: string): boolean;
  /** Files that an argument names one by one. */
  files: ReadonlySet<string>;
}

/**
 * Reads the paths of the command line. None means the whole root.
 * @param root real path of the root
 * @throws CannotRun for a path that is missing or leads out of the root
 */
export function selectionOf(root: string, paths: readonly string[]): Selection {
  const files = new Set<string>();
  const folders: string[] = [];
  for (const path of paths) {
    const real = realPathOf(root, path);
    const inside = relative(root, real);
    if (inside === ".." || inside.startsWith(`..${sep}`) || resolve(root, inside) !== real) {
      throw new CannotRun(
        `${path} is outside ${root}: start telemetry-fix in the folder that holds the project`,
      );
    }
    const name = inside.split(sep).join("/");
    if (statSync(real).isDirectory()) folders.push(name === "" ? "" : `${name}/`);
    else files.add(name);
  }
  if (paths.length === 0) folders.push("");
  return { has: (file) => files.has(file) || folders.some((folder) => file.startsWith(folder)), files };
}

function realPathOf(root: string, path: string): string {
  try {
    return realpathSync(resolve(root, path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") throw new CannotRun(`${path} is a link that leads back to itself`);
    if (code === "EACCES") throw new CannotRun(`${path} cannot be read: permission denied`);
    const hint = /[*?{[]/.test(path) ? " (patterns are for the shell: leave out the quotes)" : "";
    throw new CannotRun(`No such file or folder: ${path}${hint}`);
  }
}
