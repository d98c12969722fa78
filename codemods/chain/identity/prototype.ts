import type { Edit } from "../../../src/finding.js";
import { brandOf } from "../../../src/chain/identity/brands.js";
import type { Node } from "../../../src/syntax/parse.js";
import { child, list, nameOf, openSource, type Source } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Lets the copy have the prototype, or the property descriptors, of what it stands for. */
export const repairPrototype: ChainRepair = ({ fn, parts, names: [shape] }, project) => {
  const source = openSource(project, fn.module.file);
  const [copy, of] = parts ?? [];
  const node = copy && source?.at(copy.at, "ObjectExpression", "CallExpression");
  // an object with private fields has no copy that works
  if (!source || !node || !of || shape === "create" || brandOf(of, fn.module, project)) return undefined;
  const original = originalText(source, node);
  if (original === undefined) return undefined;
  if (shape === "module") {
    const edits = node.type === "ObjectExpression" ? withDescriptors(source, node, original) : undefined;
    return edits && { level: "review", title: "Copy the property descriptors of the module", edits };
  }
  const edits =
    node.type === "ObjectExpression"
      ? assigned(source, node, original)
      : intoPrototype(source, node, original);
  return { level: "review", title: "Keep the prototype of the original", edits };
};

const withPrototype = (original: string): string => `Object.create(Object.getPrototypeOf(${original}))`;

/** What is copied, without a cast; undefined where it is more than a name or a member. */
function originalText(source: Source, node: Node): string | undefined {
  const first = list(node, "properties")[0];
  const spread = node.type === "ObjectExpression" ? child(first, "argument") : list(node, "arguments")[1];
  let inner = spread;
  while (inner && /^(?:TS\w*Expression|TSTypeAssertion|ParenthesizedExpression)$/.test(inner.type))
    inner = child(inner, "expression");
  const text = inner && source.textOf(inner);
  return text !== undefined && /^[\w$.#]+$/.test(text) ? text : undefined;
}

/** `{ ...tool, run }` becomes `Object.assign(Object.create(Object.getPrototypeOf(tool)), tool, { run })`. */
function assigned(source: Source, node: Node, original: string): Edit[] {
  const [first, second] = list(node, "properties");
  const start = `Object.assign(${withPrototype(original)}, ${original}`;
  if (!first || !second) return [source.replace(node.start, node.end, `${start})`)];
  // what follows the spread keeps its lines
  const gap = source.text.slice(first.end, second.start).replace(/^\s*,/, "");
  return [
    source.replace(node.start, second.start, `${start}, {${source.isFirstOnLine(second.start) ? gap : " "}`),
    source.insert(node.end, ")"),
  ];
}

/** `Object.assign({}, tool, ...)`. */
function intoPrototype(source: Source, node: Node, original: string): Edit[] {
  const [into] = list(node, "arguments");
  return into ? [source.replace(into.start, into.end, withPrototype(original))] : [];
}

/** Getters stay getters, and what is not enumerable comes along; undefined for a method or a computed key. */
function withDescriptors(source: Source, node: Node, original: string): Edit[] | undefined {
  const [first, ...rest] = list(node, "properties");
  if (!first) return undefined;
  const edits: Edit[] = [
    source.insert(node.start, `Object.create(Object.getPrototypeOf(${original}), `),
    source.replace(first.start, first.end, `...Object.getOwnPropertyDescriptors(${original})`),
    source.insert(node.end, ")"),
  ];
  for (const property of rest) {
    const value = child(property, "value");
    const isPlain = property.type === "Property" && property.method !== true && property.computed !== true;
    if (!value || !isPlain || property.kind !== "init" || nameOf(child(property, "key")) === undefined)
      return undefined;
    const flags = "writable: true, enumerable: true, configurable: true";
    if (property.shorthand === true)
      edits.push(source.insert(property.end, `: { value: ${source.textOf(value)}, ${flags} }`));
    else edits.push(source.insert(value.start, "{ value: "), source.insert(value.end, `, ${flags} }`));
  }
  return edits;
}
