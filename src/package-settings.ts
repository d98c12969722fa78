import { lstatSync } from "node:fs";
import { join } from "node:path";
import { isObject, parseObject } from "./program/index/json.js";
import { decodeText, loadBytes } from "./program/index/texts.js";
import { readChecks, type CheckSettings } from "./read-checks.js";
import { readSdks } from "./read-sdks.js";
import type { SdkSetting } from "./settings.js";

const block = "telemetry-fix";

/** What a project says about itself in the block `telemetry-fix` of its manifest. */
export interface PackageSettings {
  sdks: SdkSetting[];
  checks: CheckSettings;
}

/**
 * Reads the block from the manifest of a root, as data. A manifest that is missing, a link, or no JSON has no block; the
 * analysis tells what is wrong with it.
 * @param root absolute path
 * @throws TypeError that names the part of the block that has the wrong shape
 */
export function packageSettings(root: string): PackageSettings {
  const said = manifestOf(join(root, "package.json"))?.[block];
  if (said === undefined) return { sdks: [], checks: {} };
  const where = `"${block}" in package.json`;
  if (!isObject(said)) throw new TypeError(`${where} must be an object`);
  const { sdks = [], checks = {}, ...others } = said;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new TypeError(`${where}: ${other} is not known; it takes sdks and checks`);
  return { sdks: readSdks(sdks, `${where}: sdks`), checks: readChecks(checks, `${where}: checks`) };
}

function manifestOf(file: string): Record<string, unknown> | undefined {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  const loaded = loadBytes(file);
  const text = "kind" in loaded ? undefined : decodeText(loaded.bytes);
  // Nothing is said here: whoever reads the whole manifest says it.
  return text === undefined ? undefined : parseObject(text, () => undefined);
}
