import type { Edit } from "../../src/finding.js";
import type { Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "./source.js";

/** The property of an object literal whose value is, or is a cast of, what stands at these offsets. */
export function propertyOf(source: Source, [start, end]: Span, name: string): Node | undefined {
  let found: Node | undefined;
  for (const node of source.nodes()) {
    const value = node.type === "Property" ? child(node, "value") : undefined;
    if (!value || nameOf(child(node, "key")) !== name || value.start > start || value.end < end) continue;
    if (!found || node.end - node.start < found.end - found.start) found = node;
  }
  return found;
}

/** A property of an object goes, with its comma and its line. */
export function withoutProperty(source: Source, property: Node): Edit {
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

/** The value of a property becomes another text; a shorthand is written out. */
export function withValue(source: Source, property: Node, text: string): Edit {
  const value = child(property, "value");
  if (property.shorthand === true || !value)
    return source.replace(property.start, property.end, `${nameOf(child(property, "key")) ?? ""}: ${text}`);
  return source.replace(value.start, value.end, text);
}

/** Items come to the front of a list: into the brackets, or into new ones around whatever gives the list. */
export function inFront(source: Source, property: Node, items: readonly string[]): Edit {
  const value = child(property, "value");
  if (value?.type !== "ArrayExpression" || property.shorthand === true) {
    const old = value ? source.textOf(value) : "";
    return withValue(
      source,
      property,
      `[${[...items, `...${/^[\w$.]+$/.test(old) ? old : `(${old})`}`].join(", ")}]`,
    );
  }
  const [first] = list(value, "elements");
  if (!first) return source.replace(value.start, value.end, `[${items.join(", ")}]`);
  const gap = source.isFirstOnLine(first.start) ? `\n${source.indentAt(first.start)}` : " ";
  return source.insert(first.start, items.map((item) => `${item},${gap}`).join(""));
}
