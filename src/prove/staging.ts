import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A copy of a program in a folder of its own, so that running it changes nothing in the repository. */
export interface Staged {
  directory: string;
  remove(): void;
}

/**
 * Copies `layers` over one another, the last one winning, and links the packages that are installed above the first layer; a
 * package that a layer brings itself stands before them.
 * @throws when a layer does not exist
 */
export function stage(layers: readonly [string, ...string[]]): Staged {
  const directory = mkdtempSync(join(tmpdir(), "telemetry-fix-prove-"));
  for (const layer of layers) cpSync(layer, directory, { recursive: true });
  const packages = packagesAbove(layers[0]);
  if (packages) link(packages, join(directory, "node_modules"));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Links a folder of packages as a whole, or one by one where there are some at its place already. */
function link(packages: string, at: string): void {
  // A junction needs no rights on Windows; elsewhere the kind is ignored.
  if (!existsSync(at)) return symlinkSync(packages, at, "junction");
  for (const name of readdirSync(packages)) {
    if (!name.startsWith(".") && !existsSync(join(at, name)))
      symlinkSync(join(packages, name), join(at, name), "junction");
  }
}

function packagesAbove(start: string): string | undefined {
  for (let folder = dirname(resolve(start)); ; folder = dirname(folder)) {
    const packages = join(folder, "node_modules");
    if (existsSync(packages)) return packages;
    if (dirname(folder) === folder) return undefined;
  }
}
