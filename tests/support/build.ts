import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll } from "vitest";

const home = path.resolve(import.meta.dirname, "../..");
const built: string[] = [];

afterAll(() => {
  for (const folder of built) rmSync(folder, { recursive: true, force: true });
});

/**
 * Builds the package into a folder of its own, without looking at types. It lies below the package, so that the build
 * finds the manifest and the dependencies, and is removed after the tests of the file.
 * @returns absolute path of the folder that `dist` stands for
 */
export function build(): string {
  const cache = path.join(home, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const out = mkdtempSync(path.join(cache, "telemetry-fix-build-"));
  built.push(out);
  const tsc = path.join(home, "node_modules", "typescript", "bin", "tsc");
  const options = ["--noCheck", "--declaration", "false", "--outDir", out];
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", ...options], { cwd: home });
  return out;
}
