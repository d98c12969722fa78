import { indentAt, lineEnd, lineStart, type Source } from "./source.js";
import type { Node, Comment } from "../../src/syntax/parse.js";

/** The whole lines that a statement takes up together with the comments that are its own. */
export interface Lines {
  /** Start of the first line. */
  start: number;
  /** End of the last line, before its line break. */
  end: number;
  indent: string;
  /** Nothing of the same block stands before it, or after it. */
  first: boolean;
  last: boolean;
  blankBefore: boolean;
  blankAfter: boolean;
}

const ABOUT_CLOSING = /shut ?down|clos|flush|stop|drain|dispos|eslint-disable|@ts-|prettier-ignore|biome-ignore|oxlint-disable/i;

/** The lines of a statement; undefined when other code shares them. */
export function linesOf(source: Source, statement: Node, siblings: readonly Node[]): Lines | undefined {
  const { text } = source;
  const end = ownEnd(text, statement);
  const trailing = trailingComment(source, end);
  const lastEnd = lineEnd(text, trailing?.end ?? end);
  const begin = lineStart(text, statement.start);
  if (text.slice(begin, statement.start).trim() !== "" || text.slice(trailing?.end ?? end, lastEnd).trim() !== "") return undefined;
  const index = siblings.indexOf(statement);
  const blankAfter = isBlank(text, nextLine(text, lastEnd));
  const last = index === siblings.length - 1;
  const start = withComments(source, begin, last || blankAfter);
  return {
    start,
    end: lastEnd,
    indent: indentAt(text, statement.start),
    first: index === 0,
    last,
    blankBefore: start === 0 || isBlank(text, lineStart(text, start - 1)),
    blankAfter,
  };
}

/** The range to cut so that the lines go and at most one blank line stays where they were. */
export function rangeToCut(text: string, lines: Lines): { start: number; end: number } {
  let { start } = lines;
  let end = nextLine(text, lines.end);
  if (lines.blankBefore && (lines.last || lines.blankAfter)) {
    while (start > 0 && isBlank(text, lineStart(text, start - 1))) start = lineStart(text, start - 1);
  } else if (lines.first && lines.blankAfter) {
    while (end < text.length && isBlank(text, end)) end = nextLine(text, lineEnd(text, end));
  }
  return { start, end };
}

/** End of the statement itself; a semicolon that guards the next line belongs to that. */
function ownEnd(text: string, statement: Node): number {
  const tail = /\s*\n\s*;$/.exec(text.slice(statement.start, statement.end));
  return tail ? statement.start + tail.index : statement.end;
}

/** A comment behind the statement on its last line. */
export function trailingComment(source: Source, end: number): Comment | undefined {
  const close = lineEnd(source.text, end);
  return source.comments.find((c) => c.start >= end && c.end <= close && source.text.slice(end, c.start).trim() === "");
}

/** Start of the comments directly above that speak of this statement alone. */
function withComments(source: Source, begin: number, alone: boolean): number {
  const { text } = source;
  let start = begin;
  for (;;) {
    const above = source.comments.find((c) => c.end <= start && /^[ \t]*\r?\n$/.test(text.slice(c.end, start)));
    if (!above) break;
    const own = lineStart(text, above.start);
    if (text.slice(own, above.start).trim() !== "") break;
    start = own;
  }
  return start < begin && (alone || ABOUT_CLOSING.test(text.slice(start, begin))) ? start : begin;
}

/** Start of the line below one that ends here. */
export function nextLine(text: string, end: number): number {
  const found = text.indexOf("\n", end);
  return found < 0 ? text.length : found + 1;
}

/** Whether a line (by its start) has nothing on it; what is behind the last line has not. */
export const isBlank = (text: string, start: number): boolean =>
  start < text.length && text.slice(start, lineEnd(text, start)).trim() === "";
