// What the scripts of this folder measure unless told otherwise.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository this script belongs to. */
export const home = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const manifest = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8"));

/** The built command, as package.json declares it. */
export const defaultCli = `node ${path.join(home, manifest.bin["telemetry-fix"])}`;

/** The built ESLint plugin. */
export const defaultPlugin = path.join(home, manifest.exports["."].default);
