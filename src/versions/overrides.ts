import { isObject } from "../program/index/json.js";
import type { Project } from "../program/project.js";
import { workspaceSettings } from "./catalogs.js";
import { lockText } from "./lock-texts.js";
import { isRange } from "./ranges.js";

/**
 * The range that a project puts in the place of those that its packages ask for.
 * @returns undefined where it replaces none; `?` where it says so in a way that holds for some packages only, or names no range
 */
export function overrideOf(name: string, project: Project): string | undefined {
  const json = project.index.packageOf("package.json")?.json;
  const pnpm = json?.["pnpm"];
  const lists = [
    json?.["overrides"],
    json?.["resolutions"],
    isObject(pnpm) ? pnpm["overrides"] : undefined,
    workspaceSettings(project)?.["overrides"],
  ].filter((list) => list !== undefined && JSON.stringify(list).includes(name));
  const said = new Set(lists.map((list) => plainOverride(name, list)));
  const [only] = said;
  if (said.size > 0) return said.size === 1 && only !== undefined ? only : "?";
  return isOverriddenInLock(name, project) ? "?" : undefined;
}

/** The range of the one entry that names the package, where it holds for all who ask. */
function plainOverride(name: string, list: unknown): string | undefined {
  if (!isObject(list)) return undefined;
  const entries = Object.entries(list).filter((entry) => JSON.stringify(entry).includes(name));
  const [first, ...others] = entries;
  const [key, range] = first ?? [];
  return others.length === 0 && key === name && typeof range === "string" && isRange(range)
    ? range
    : undefined;
}

/** pnpm writes the overrides that it went by into its lock file. */
function isOverriddenInLock(name: string, project: Project): boolean {
  const lock = lockText("pnpm-lock.yaml", project) ?? "";
  const overrides = /^overrides:[ ]*\r?\n(?: .*\r?\n)*/m.exec(lock.slice(0, 20_000))?.[0];
  return overrides?.includes(name) ?? false;
}
