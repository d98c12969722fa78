import type { Edit } from "../../src/finding.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Call } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { list, type Source } from "../edit/source.js";
import { LIMIT_MILLIS } from "./text.js";

/** Lets a close that was handed an aborted signal, or no time, have its time. */
export function giveTime(
  source: Source,
  call: Call,
  facts: CallFacts | undefined,
  aborted: boolean,
): Edit[] | undefined {
  const node = source.at(call.at, "CallExpression");
  const options = list(node, "arguments").find((a) => a.type === "ObjectExpression");
  if (!node || !options) return undefined;
  const properties = list(options, "properties");
  const named = (name: string): Node | undefined =>
    properties.find(
      (p) =>
        p.type === "Property" &&
        !p.computed &&
        source.text.slice((p.key as Node).start, (p.key as Node).end) === name,
    );
  const signal = aborted ? named("signal") : undefined;
  const time = named("timeoutMillis");
  const edits: Edit[] = [];
  const { text } = source;
  if (time && noTime(text, time.value as Node)) {
    const value = time.value as Node;
    edits.push(source.replace(value.start, value.end, String(LIMIT_MILLIS)));
  }
  if (signal && properties.length > 1) {
    const range = withComma(signal, properties);
    edits.push(source.replace(range.start, range.end, ""));
  } else if (signal) {
    // without a signal some calls wait without end
    const unbounded = facts?.timeout?.property !== undefined && facts.timeout.defaultMillis === null;
    const limit = unbounded ? `{ ${facts.timeout?.property ?? ""}: ${String(LIMIT_MILLIS)} }` : "";
    const last = list(node, "arguments").at(-1) === options;
    if (!last && limit === "") return undefined;
    edits.push(source.replace(options.start, options.end, limit));
  }
  return edits.length > 0 ? edits : undefined;
}

const noTime = (text: string, value: Node): boolean => Number(text.slice(value.start, value.end)) <= 0;

/** A property of an object with the comma and the space that belong to it. */
function withComma(property: Node, properties: readonly Node[]): { start: number; end: number } {
  const index = properties.indexOf(property);
  const next = properties[index + 1];
  if (next) return { start: property.start, end: next.start };
  return { start: properties[index - 1]?.end ?? property.start, end: property.end };
}
