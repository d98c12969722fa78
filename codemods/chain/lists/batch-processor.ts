import type { Edit } from "../../../src/finding.js";
import type { Project } from "../../../src/program/project.js";
import type { Module } from "../../../src/syntax/ir.js";
import { importEdits, loadings } from "../../edit/imports.js";
import type { Source } from "../../edit/source.js";

const SDK_NODE = "@opentelemetry/sdk-node";
const HOMES = ["@opentelemetry/sdk-trace-node", "@opentelemetry/sdk-trace-base"];

/** How a file calls `BatchSpanProcessor`, with the edits that let it; undefined where it loads no SDK at its top. */
export function batchProcessorFor(
  source: Source,
  module: Module,
  project: Project,
): { name: string; edits: Edit[] } | undefined {
  const named = (name: string): string | undefined =>
    module.bindings.find(
      (b) => b.from?.name === name && !b.from.typeOnly && b.from.specifier.startsWith("@opentelemetry/sdk-"),
    )?.name;
  const own = named("BatchSpanProcessor");
  if (own !== undefined) return { name: own, edits: [] };
  const tracing = named("tracing");
  if (tracing !== undefined) return { name: `${tracing}.BatchSpanProcessor`, edits: [] };
  const whole = module.bindings.find((b) => b.from?.name === "*" && b.from.specifier === SDK_NODE);
  if (whole) return { name: `${whole.name}.tracing.BatchSpanProcessor`, edits: [] };
  const loaded = loadings(source).map((l) => l.specifier);
  const asked = project.index.packageOf(module.file)?.json?.dependencies ?? {};
  const home = [...HOMES.filter((h) => loaded.includes(h)), ...HOMES.filter((h) => h in asked)][0];
  const specifier = home ?? (loaded.includes(SDK_NODE) ? SDK_NODE : undefined);
  const name = specifier === SDK_NODE ? "tracing" : "BatchSpanProcessor";
  // the SDK is loaded later, and so must this be
  if (specifier === undefined || !loaded.some((l) => l.startsWith("@opentelemetry/sdk-"))) return undefined;
  if (module.bindings.some((b) => b.name === name)) return undefined;
  const edits = importEdits(source, { name, local: name, specifier }, (s) => s === specifier);
  return edits && { name: specifier === SDK_NODE ? "tracing.BatchSpanProcessor" : name, edits };
}
