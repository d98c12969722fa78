import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import type { Completed } from "./complete.js";
import { openAt, type Scene } from "./scene.js";

/** Sets the option with which the SDK ends the process after a crash, or takes the option away that makes it deaf. */
export function setOption(scene: Scene): Completed | undefined {
  const { details, facts } = scene;
  const { source } = openAt(scene, details.fn) ?? {};
  const property = source && propertyAt(source, scene);
  if (!source || !property) return undefined;
  const value = child(property, "value")?.value;
  const deafening = (facts.options ?? []).some(
    (o) => o.property === details.option && o.off === value && o.off !== undefined,
  );
  if (deafening) return { safe: false, edits: [withoutProperty(source, property)] };
  const { endsWith } = facts;
  if (!endsWith || endsWith.property.includes(".")) return undefined;
  const object = source.parentOf(property);
  const set = list(object, "properties").find((p) => nameOf(child(p, "key")) === endsWith.property);
  const old = set && child(set, "value");
  if (old) return { safe: false, edits: [source.replace(old.start, old.end, "true")] };
  const gap = source.isFirstOnLine(property.start) ? `\n${source.indentAt(property.start)}` : " ";
  return { safe: false, edits: [source.insert(property.end, `,${gap}${endsWith.property}: true`)] };
}

/** The property whose value, or whose whole, is reported. */
function propertyAt(source: Source, { details: { at, option } }: Scene): Node | undefined {
  const last = option?.split(".").at(-1);
  for (const node of source.nodes()) {
    if (node.type !== "Property" || nameOf(child(node, "key")) !== last) continue;
    const value = child(node, "value");
    const isValue = value?.start === at[0] && value.end === at[1];
    if (isValue || (node.start === at[0] && node.end === at[1])) return node;
  }
  return undefined;
}

/** A property of an object goes, with its comma and its line. */
function withoutProperty(source: Source, property: Node): Edit {
  const { text } = source;
  const rest = /^\s*,/.exec(text.slice(property.end));
  const end = property.end + (rest?.[0].length ?? 0);
  const line = /^[ \t]*(\/\/[^\n]*)?\r?\n/.exec(text.slice(end));
  if (source.isFirstOnLine(property.start) && line)
    return source.replace(source.lineStart(property.start), end + line[0].length, "");
  if (rest)
    return source.replace(property.start, end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0), "");
  const comma = /,\s*$/.exec(text.slice(0, property.start));
  return source.replace(property.start - (comma?.[0].length ?? 0), property.end, "");
}
