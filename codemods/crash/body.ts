import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { reindented, withParentheses } from "../edit/insert.js";
import { child, list, type Source } from "../edit/source.js";
import { blockOf, ended, moved } from "./words.js";

/** The statements of a function's body; undefined for an arrow function that is one expression. */
export function statementsIn(body: Node | undefined): Node[] | undefined {
  return body?.type === "BlockStatement" ? list(body, "body") : undefined;
}

/** Statements that go in front of one of a block's own, or behind the last. */
export interface Insertion {
  before: Node | undefined;
  statements: readonly string[];
}

/**
 * Puts statements into a block. A block on one line is written anew.
 * @returns undefined where a comment would get lost
 */
export function intoBlock(source: Source, block: Node, given: readonly Insertion[]): Edit[] | undefined {
  const insertions = given.filter(({ statements }) => statements.length > 0);
  const isLong = source.textOf(block).includes("\n");
  const edits = isLong ? insertions.flatMap((i) => onLines(source, block, i) ?? []) : [];
  if (isLong && edits.length === insertions.length) return edits;
  const own = list(block, "body");
  if (hasComments(source, block, own)) return undefined;
  const put = (before: Node | undefined): string[] =>
    insertions.flatMap((i) => (i.before === before ? i.statements : []));
  const all = own.flatMap((s) => [...put(s), reindented(source.textOf(s), source.indentAt(s.start), "")]);
  const text = blockOf(source, [...all, ...put(undefined)], source.indentAt(block.start));
  return [source.replace(block.start, block.end, text)];
}

/** Statements on lines of their own; undefined where other code shares the line. */
function onLines(source: Source, block: Node, { before, statements }: Insertion): Edit | undefined {
  const { semicolon, indent: step } = source.style;
  if (before) {
    if (!source.isFirstOnLine(before.start)) return undefined;
    const indent = source.indentAt(before.start);
    const lines = statements.map((s) => moved(ended(s, semicolon), indent)).join("\n");
    return source.insert(before.start, `${lines.slice(indent.length)}\n${indent}`);
  }
  const last = list(block, "body").at(-1);
  if (!source.isFirstOnLine(block.end - 1)) return undefined;
  const indent = last ? source.indentAt(last.start) : source.indentAt(block.start) + step;
  const lines = statements.map((s) => `${moved(ended(s, semicolon), indent)}\n`);
  return source.insert(source.lineStart(block.end - 1), lines.join(""));
}

/** Something stands in the block beside its statements. */
function hasComments(source: Source, block: Node, own: readonly Node[]): boolean {
  const around = [block.start + 1, ...own.flatMap((s) => [s.start, s.end]), block.end - 1];
  for (let i = 0; i < around.length; i += 2)
    if (
      source.text
        .slice(around[i], around[i + 1])
        .replace(/;/g, "")
        .trim() !== ""
    )
      return true;
  return false;
}

/**
 * Gives an arrow function that is one expression a block: with the expression first, or last where it ends the process. A value
 * that nobody uses goes.
 */
export function intoExpression(
  source: Source,
  fn: Node,
  statements: readonly string[],
  expressionLast: boolean,
): Edit[] | undefined {
  const body = child(fn, "body");
  if (!body) return undefined;
  let [start, end] = withParentheses(source, body, fn);
  if (source.isFirstOnLine(start)) {
    // the arrow ended its line: the block begins there, and its list of arguments ends right after it
    const arrow = source.text.lastIndexOf("=>", start) + 2;
    const rest = /^,?\s*(?=\))/.exec(source.text.slice(end));
    if (source.text.slice(arrow, start).trim() === "") start = arrow;
    if (rest) end += rest[0].length;
  }
  const lead = source.text[start - 1] === ">" ? " " : "";
  const kept = isIdle(body) ? [] : [reindented(source.textOf(body), source.indentAt(body.start), "")];
  const all = expressionLast ? [...statements, ...kept] : [...kept, ...statements];
  return [source.replace(start, end, lead + blockOf(source, all, source.indentAt(fn.start)))];
}

/** It does nothing but to be a value. */
const isIdle = (e: Node): boolean =>
  e.type === "Literal" ||
  e.type === "Identifier" ||
  e.type === "MemberExpression" ||
  (e.type === "UnaryExpression" && e.operator === "void" && child(e, "argument")?.type === "Literal");
