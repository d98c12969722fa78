import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { CannotRun } from "../exit-codes.js";

/**
 * The folder that a new file goes into; it need not exist yet.
 * @param root real path of the root
 * @param dir as the person typed it; default: `src` if there is one, else the root
 * @throws CannotRun when it is outside the root, is reached through a link, or is no place for the program's own code
 */
export function placeOf(root: string, dir: string | undefined): string {
  const folder = resolve(root, dir ?? (isFolder(join(root, "src")) ? "src" : "."));
  const inside = relative(root, folder);
  const name = dir ?? inside;
  if (
    inside === ".." ||
    inside.startsWith(`..${sep}`) ||
    resolve(root, inside) !== folder ||
    inside === folder
  ) {
    throw new CannotRun(
      `${name} is outside ${root}: start telemetry-fix in the folder that holds the project`,
    );
  }
  const parts = inside.split(sep);
  if (parts.includes("node_modules")) throw new CannotRun(`${name} is an installed package`);
  if (parts.includes(".git")) throw new CannotRun(`${name} belongs to git`);
  const there = existing(folder);
  if (!isFolder(there)) throw new CannotRun(`${relative(root, there)} is a link or no folder`);
  if (realpathSync(there) !== there) throw new CannotRun(`${name} is reached through a link`);
  return folder;
}

/**
 * Refuses a name that is taken: by a file of that name in any language, since one would be compiled over the other.
 * @param file relative to the root
 * @throws CannotRun with the reason
 */
export function refuseTaken(root: string, file: string): void {
  const folder = dirname(join(root, file));
  const taken = existsSync(folder)
    ? readdirSync(folder).find((name) => /^supervisor\.[cm]?[jt]sx?$/.test(name))
    : undefined;
  if (taken !== undefined) {
    throw new CannotRun(`${relative(root, join(folder, taken))} is there already: nothing is overwritten`);
  }
  if (isIgnored(existing(folder), join(root, file))) throw new CannotRun(`${file} is ignored by git`);
}

/** The nearest folder that is there, from a folder upward. */
function existing(folder: string): string {
  let there = folder;
  while (!exists(there)) there = dirname(there);
  return there;
}

/** Asks git about a file that need not exist. No repository, or no git, ignores nothing. */
function isIgnored(folder: string, path: string): boolean {
  // The repository is a stranger's: its configuration must not make git start programs.
  const safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
  const args = [...safe, "check-ignore", "--quiet", "--", path];
  return spawnSync("git", args, { cwd: folder, stdio: "ignore", timeout: 30_000 }).status === 0;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
