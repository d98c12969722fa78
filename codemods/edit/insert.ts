import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { type Site, siblingsOf } from "../exit/site.js";
import { child, type Source } from "./source.js";

/** Comments that speak to a tool about the next line, and so must stay next to it. */
const DIRECTIVE =
  /^\s*(?:\/\/|\/\*)\s*(?:(?:eslint|oxlint)-disable-next-line|@ts-|biome-ignore|deno-lint-ignore|prettier-ignore|(?:istanbul|c8|v8) ignore|NOSONAR|tslint:disable-next-line|nosemgrep|@preserve)/;

/** Puts a statement (without its semicolon) before the call of a site, with braces where there are none. */
export function insertBefore(site: Site, statement: string): Edit[] {
  const { source, node } = site;
  switch (site.form) {
    case "concise":
      return [conciseBody(site, statement)];
    case "guard":
      return [guardAsIf(site, statement)];
    case "statement":
      return siblingsOf(source, node)
        ? [onOwnLine(source, node, statement)]
        : [withBraces(source, node, statement)];
  }
}

function onOwnLine(source: Source, node: Node, statement: string): Edit {
  const { semicolon } = source.style;
  if (!source.isFirstOnLine(node.start)) return source.insert(node.start, `${statement}; `);
  const at = aboveDirectives(source, node.start);
  return source.insert(at, `${statement}${semicolon}\n${source.indentAt(node.start)}`);
}

/** Where the line of an offset begins to speak, or the line of the tool comments right above it. */
function aboveDirectives(source: Source, offset: number): number {
  let at = offset;
  for (;;) {
    const start = source.lineStart(at);
    if (start === 0) return at;
    const above = source.text.slice(source.lineStart(start - 1), start);
    if (!DIRECTIVE.test(above)) return at;
    at = source.lineStart(start - 1) + (/^\s*/.exec(above)?.[0].length ?? 0);
  }
}

/** `if (x) exit();` becomes a block with both. */
function withBraces(source: Source, node: Node, statement: string): Edit {
  const { text, style } = source;
  const parent = source.parentOf(node);
  const outer = source.indentAt(parent && isElse(parent, node) ? node.start : (parent?.start ?? node.start));
  const inner = outer + style.indent;
  let start = node.start;
  while (start > 0 && /\s/.test(text[start - 1] ?? "")) start--;
  const lead =
    start < node.start && text.slice(source.lineStart(start), start).includes("//")
      ? text.slice(start, node.start)
      : " ";
  const kept = text.slice(node.start, node.end);
  const block = `${lead}{\n${inner}${statement}${style.semicolon}\n${inner}${kept}\n${outer}}`;
  const after = /^[ \t]*\r?\n\s*else\b/.exec(text.slice(node.end));
  return after
    ? source.replace(start, node.end + after[0].length - "else".length, `${block} `)
    : source.replace(start, node.end, block);
}

const isElse = (parent: Node, node: Node): boolean =>
  parent.type === "IfStatement" && child(parent, "alternate") === node;

/** `() => exit()` gets a body with both. */
function conciseBody({ source, node, fn }: Site, statement: string): Edit {
  const { style } = source;
  const outer = source.indentAt(fn?.start ?? node.start);
  const inner = outer + style.indent;
  let [start, end] = withParentheses(source, node, fn);
  if (source.isFirstOnLine(start)) {
    // the arrow ended its line: the block begins there, and its list of arguments ends right after it
    const arrow = source.text.lastIndexOf("=>", start) + 2;
    const rest = /^,?\s*(?=\))/.exec(source.text.slice(end));
    if (source.text.slice(arrow, start).trim() === "") start = arrow;
    if (rest) end += rest[0].length;
  }
  const lead = start > 0 && source.text[start - 1] === ">" ? " " : "";
  const kept = reindented(source.textOf(node), source.indentAt(node.start), inner);
  return source.replace(
    start,
    end,
    `${lead}{\n${inner}${statement}${style.semicolon}\n${inner}${kept}${style.semicolon}\n${outer}}`,
  );
}

/** The expression with the parentheses around it, which the tree does not show. */
export function withParentheses(source: Source, node: Node, within: Node | undefined): [number, number] {
  let { start, end } = node;
  for (;;) {
    const before = /\(\s*$/.exec(source.text.slice(within?.start ?? 0, start));
    const after = /^\s*\)/.exec(source.text.slice(end, within?.end ?? source.text.length));
    if (!before || !after) return [start, end];
    start -= before[0].length;
    end += after[0].length;
  }
}

/** `test && exit();` becomes an `if` with both. */
function guardAsIf({ source, node }: Site, statement: string): Edit {
  const { style } = source;
  const logical = child(node, "expression");
  const left = child(logical, "left");
  const right = child(logical, "right");
  const outer = source.indentAt(node.start);
  const inner = outer + style.indent;
  const test = left ? source.textOf(left) : "";
  const kept = right ? source.textOf(right) : "";
  return source.replace(
    node.start,
    node.end,
    `if (${test}) {\n${inner}${statement}${style.semicolon}\n${inner}${kept}${style.semicolon}\n${outer}}`,
  );
}

/** Lines after the first moved from one indentation to another. */
export function reindented(text: string, from: string, to: string): string {
  return text
    .split("\n")
    .map((line, i) => (i > 0 && line.startsWith(from) ? to + line.slice(from.length) : line))
    .join("\n");
}

/** A function without parameters that runs one expression, as the file writes such functions. */
export function thunk(source: Source, expression: string): string {
  const { arrows, semicolon } = source.style;
  return arrows ? `() => ${expression}` : `function () { ${expression}${semicolon} }`;
}

/**
 * `await` before the call of a site.
 * @param returns also leave the function there, where the compiler relies on the call not to come back
 */
export function insertedAwait(site: Site, returns: boolean): Edit | undefined {
  const { source, call, node } = site;
  if (node.type === "ReturnStatement" || site.form === "concise") return source.insert(call.start, "await ");
  const [holder] = source.ancestors(call);
  if (holder?.type === "UnaryExpression") return source.replace(holder.start, call.start, "await ");
  return source.insert(call.start, returns && site.form === "statement" ? "return await " : "await ");
}
