import { telemetryWords } from "../../knowledge/handler-slots.js";
import type { PackageJson } from "../../program/index/types.js";
import type { Project } from "../../program/project.js";
import type { Module } from "../../syntax/ir.js";

/**
 * Whether a module belongs to telemetry that is installed into other programs: its package is published and says of itself that
 * it is telemetry, or the module is an instrumentation of OpenTelemetry.
 */
export function isOfTelemetryPackage(module: Module, project: Project): boolean {
  if (module.imports.some((i) => i.specifier === "@opentelemetry/instrumentation")) return true;
  const json = project.index.packageOf(module.file)?.json;
  return json !== undefined && isPublished(json) && saysTelemetry(json);
}

/** A package for others to import; a program that is started is none, whatever `npm init` wrote into its `main`. */
function isPublished(json: PackageJson): boolean {
  if (json.private === true || json.name === undefined) return false;
  if (FOR_OTHERS.some((field) => json[field] !== undefined)) return true;
  return json.main !== undefined && json.scripts?.start === undefined;
}

const FOR_OTHERS = ["module", "exports", "types", "typings", "browser", "unpkg", "publishConfig"];

function saysTelemetry({ name, description, keywords }: PackageJson): boolean {
  const said = [name, description, ...(Array.isArray(keywords) ? (keywords as unknown[]) : [])];
  return said.some((words) => typeof words === "string" && telemetryWords.test(words));
}
