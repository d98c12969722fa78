import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A copy of a program in a folder of its own, so that running it changes nothing in the repository. */
export interface Staged {
  directory: string;
  remove(): void;
}

/**
 * Copies `layers` over one another, the last one winning, and links the packages that are installed above the first layer.
 * @throws when a layer does not exist
 */
export function stage(layers: readonly [string, ...string[]]): Staged {
  const directory = mkdtempSync(join(tmpdir(), "telemetry-fix-prove-"));
  for (const layer of layers) cpSync(layer, directory, { recursive: true });
  const packages = packagesAbove(layers[0]);
  // A junction needs no rights on Windows; elsewhere the kind is ignored.
  if (packages && !existsSync(join(directory, "node_modules"))) {
    symlinkSync(packages, join(directory, "node_modules"), "junction");
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function packagesAbove(start: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const packages = join(folder, "node_modules");
    if (existsSync(packages)) return packages;
    if (dirname(folder) === folder) return undefined;
  }
}
