// Copies a tree so that every tool sees the same files, no tool's own configuration, and no cache; like the original it
// looks like the top of a repository.
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";

const source = /\.[cm]?[jt]sx?$/;
const manifest = /\.(?:json|jsonc|ya?ml|toml|sh)$|^(?:Dockerfile|Containerfile|Procfile)/;
const skippedFolders = new Set(["node_modules", "vendor", "bower_components", "jspm_packages"]);
/** Read by linters from the working folder, so it would change what they do. */
const linterFiles = new Set(["eslint-suppressions.json", "oxlint.config.ts"]);

/**
 * Copies sources and manifests, without links, hidden entries and installed packages.
 * @param {string} from folder to copy
 * @param {string} to folder that does not exist yet
 * @returns {string[]} the source files, relative to the folder, sorted
 */
export function stage(from, to) {
  const sources = [];
  const copy = (dir) => {
    mkdirSync(path.join(to, dir), { recursive: true });
    for (const item of readdirSync(path.join(from, dir), { withFileTypes: true })) {
      const file = path.join(dir, item.name);
      if (item.name.startsWith(".") || linterFiles.has(item.name)) continue;
      if (item.isDirectory() && !skippedFolders.has(item.name)) copy(file);
      if (!item.isFile() || !(source.test(item.name) || manifest.test(item.name))) continue;
      copyFileSync(path.join(from, file), path.join(to, file));
      if (source.test(item.name)) sources.push(file);
    }
  };
  copy("");
  mkdirSync(path.join(to, ".git"));
  return sources.sort();
}
