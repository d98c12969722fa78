import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { reindented } from "../../edit/insert.js";
import { child, list, nameOf, type Source } from "../../edit/source.js";

/** A statement that hands something to a provider, and what it hands over. */
export interface Handing {
  statement: Node;
  given: Node;
}

/** The argument of the constructor with the list in it; undefined where the list may come from elsewhere. */
export function withOption(
  source: Source,
  construction: Node,
  option: string,
  handings: readonly Handing[],
): Edit | undefined {
  const [config, ...others] = list(construction, "arguments");
  const outer = source.indentAt(construction.start);
  const { indent } = source.style;
  if (!config || (config.type === "ObjectExpression" && list(config, "properties").length === 0)) {
    const start = config?.start ?? child(construction, "callee")?.end ?? construction.end;
    const text = isShort(source, handings)
      ? `{ ${option}: ${listText(source, handings, outer)} }`
      : `{\n${outer}${indent}${option}: ${listText(source, handings, outer + indent)},\n${outer}}`;
    return config
      ? source.replace(start, config.end, text)
      : source.replace(start, construction.end, `(${text})`);
  }
  if (config.type !== "ObjectExpression" || others.length > 0) return undefined;
  const properties = list(config, "properties");
  const last = properties.at(-1);
  if (!last || properties.some((p) => p.type === "SpreadElement" || p.computed === true)) return undefined;
  const known = properties.find((p) => nameOf(child(p, "key")) === option);
  if (!known) {
    const isOwnLine = source.isFirstOnLine(last.start);
    const at = isOwnLine ? source.indentAt(last.start) : outer;
    return source.insert(
      last.end,
      `,${isOwnLine ? `\n${at}` : " "}${option}: ${listText(source, handings, at)}`,
    );
  }
  const value = child(known, "value");
  if (value?.type !== "ArrayExpression") return undefined;
  const item = list(value, "elements").at(-1);
  const at = source.indentAt(value.start);
  return item
    ? source.insert(item.end, `, ${handings.map((h) => givenText(source, h, at)).join(", ")}`)
    : source.replace(value.start, value.end, listText(source, handings, at));
}

/** What is handed over, as it is written at another indentation. */
const givenText = (source: Source, { given }: Handing, indent: string): string =>
  reindented(source.textOf(given), source.indentAt(given.start), indent);

const isShort = (source: Source, handings: readonly Handing[]): boolean => {
  const text = handings.map((h) => source.textOf(h.given)).join(", ");
  return text.length <= 70 && !text.includes("\n");
};

/** In one line where it fits. */
function listText(source: Source, handings: readonly Handing[], indent: string): string {
  if (isShort(source, handings)) return `[${handings.map((h) => givenText(source, h, indent)).join(", ")}]`;
  const inner = indent + source.style.indent;
  const items = handings.map((h) => `${inner}${givenText(source, h, inner)},\n`);
  return `[\n${items.join("")}${indent}]`;
}
