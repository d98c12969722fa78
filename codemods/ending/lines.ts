import type { Comment, Node } from "../../src/syntax/parse.js";
import type { Page } from "./page.js";

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

const ABOUT_CLOSING =
  /shut ?down|clos|flush|stop|drain|dispos|eslint-disable|@ts-|prettier-ignore|biome-ignore|oxlint-disable/i;

/** The lines of a statement; undefined when other code shares them. */
export function linesOf(page: Page, statement: Node, siblings: readonly Node[]): Lines | undefined {
  const { text } = page;
  const end = ownEnd(text, statement);
  const behind = trailingComment(page, end)?.end ?? end;
  const lastEnd = page.lineEnd(behind);
  if (!page.isFirstOnLine(statement.start) || text.slice(behind, lastEnd).trim() !== "") return undefined;
  const index = siblings.indexOf(statement);
  const blankAfter = page.isBlank(page.nextLine(lastEnd));
  const last = index === siblings.length - 1;
  const start = withComments(page, page.lineStart(statement.start), last || blankAfter);
  return {
    start,
    end: lastEnd,
    indent: page.indentAt(statement.start),
    first: index === 0,
    last,
    blankBefore: start === 0 || page.isBlank(page.lineStart(start - 1)),
    blankAfter,
  };
}

/** The range to cut so that the lines go and at most one blank line stays where they were. */
export function rangeToCut(page: Page, lines: Lines): { start: number; end: number } {
  let { start } = lines;
  let end = page.nextLine(lines.end);
  if (lines.blankBefore && (lines.last || lines.blankAfter)) {
    while (start > 0 && page.isBlank(page.lineStart(start - 1))) start = page.lineStart(start - 1);
  } else if (lines.first && lines.blankAfter) {
    while (page.isBlank(end)) end = page.nextLine(end);
  }
  return { start, end };
}

/** End of the statement itself; a semicolon that guards the next line belongs to that. */
function ownEnd(text: string, statement: Node): number {
  const tail = /\s*\n\s*;$/.exec(text.slice(statement.start, statement.end));
  return tail ? statement.start + tail.index : statement.end;
}

/** A comment behind the statement on its last line. */
function trailingComment(page: Page, end: number): Comment | undefined {
  const close = page.lineEnd(end);
  return page.comments.find(
    (c) => c.start >= end && c.end <= close && page.text.slice(end, c.start).trim() === "",
  );
}

/** Start of the comments directly above that speak of this statement alone. */
function withComments(page: Page, begin: number, alone: boolean): number {
  const { text } = page;
  let start = begin;
  for (;;) {
    const above = page.comments.find(
      (c) => c.end <= start && /^[ \t]*\r?\n$/.test(text.slice(c.end, page.lineStart(start))),
    );
    if (!above || !page.isFirstOnLine(above.start)) break;
    start = page.lineStart(above.start);
  }
  return start < begin && (alone || ABOUT_CLOSING.test(text.slice(start, begin))) ? start : begin;
}
