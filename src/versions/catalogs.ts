import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { isObject, type JsonObject } from "../program/index/json.js";
import type { Project } from "../program/project.js";
import { lockText } from "./lock-texts.js";
import { isRange } from "./ranges.js";

const require = createRequire(import.meta.url);
const longest = 300_000;
const known = new WeakMap<Project, { settings: JsonObject | undefined }>();

/** What `pnpm-workspace.yaml` at the root of a project says. */
export function workspaceSettings(project: Project): JsonObject | undefined {
  let found = known.get(project);
  if (!found) known.set(project, (found = { settings: read(project) }));
  return found.settings;
}

function read(project: Project): JsonObject | undefined {
  const text = lockText("pnpm-workspace.yaml", project);
  if (text === undefined || text.length > longest || !/^(?:catalogs?|overrides):/m.test(text))
    return undefined;
  const { parseDocument } = require("yaml") as typeof Yaml;
  const document = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
  const settings: unknown = document.errors.length > 0 ? undefined : document.toJS();
  return isObject(settings) ? settings : undefined;
}

/**
 * The range behind `catalog:` and `catalog:name`, of pnpm (https://pnpm.io/catalogs) and bun (https://bun.com/docs/pm/catalogs).
 * @returns undefined for any other range, and where no catalog of the project has one
 */
export function catalogRange(name: string, declared: string, project: Project): string | undefined {
  const [matched, catalog = ""] = /^catalog:(.*)$/.exec(declared) ?? [];
  if (matched === undefined) return undefined;
  const json = project.index.packageOf("package.json")?.json;
  const workspaces = json?.["workspaces"];
  for (const from of [workspaceSettings(project), isObject(workspaces) ? workspaces : undefined, json]) {
    const range = rangeIn(from, catalog.trim(), name);
    if (range !== undefined) return range;
  }
  return undefined;
}

function rangeIn(from: JsonObject | undefined, catalog: string, name: string): string | undefined {
  const named = from?.["catalogs"];
  const lists = [
    catalog === "" || catalog === "default" ? from?.["catalog"] : undefined,
    isObject(named) ? named[catalog === "" ? "default" : catalog] : undefined,
  ];
  const range = lists.flatMap((list) => (isObject(list) ? [list[name]] : [])).find((r) => r !== undefined);
  return typeof range === "string" && isRange(range) ? range : undefined;
}
