import type { Edit } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { propertyOf, withValue } from "../edit/property.js";
import { child, list, nameOf, openSource, type Source } from "../edit/source.js";

/** The property that a finding stands at, in its file. */
export function settingAt(
  { fn, at }: ChainBreak,
  option: string,
  project: Project,
): { source: Source; property: Node } | undefined {
  const source = openSource(project, fn.module.file);
  const property = source && propertyOf(source, at, option);
  return source && property ? { source, property } : undefined;
}

/** Gives an option of the same object a value: in its place, or beside the property. */
export function withSibling(source: Source, property: Node, option: string, text: string): Edit | undefined {
  const siblings = list(source.parentOf(property), "properties");
  if (siblings.some((p) => p.type === "SpreadElement")) return undefined;
  const known = siblings.find((p) => nameOf(child(p, "key")) === option);
  if (known) return withValue(source, known, text);
  const gap = source.isFirstOnLine(property.start) ? `\n${source.indentAt(property.start)}` : " ";
  return source.insert(property.end, `,${gap}${option}: ${text}`);
}
