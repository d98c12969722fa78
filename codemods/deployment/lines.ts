import type { Edit } from "../../src/finding.js";

const eolOf = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");

/** Where the line begins in which an offset stands. */
const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

/** Blanks (and dashes of a list, as blanks) in front of an offset of a block mapping; undefined where other things stand there. */
export function indentAt(text: string, at: number): string | undefined {
  const before = text.slice(lineStart(text, at), at);
  return /^ *(?:- +)*$/.test(before) ? " ".repeat(before.length) : undefined;
}

/** A line above the one of an offset, and above the comments that belong to it. */
export function lineAbove(file: string, text: string, at: number, line: string): Edit | undefined {
  const indent = indentAt(text, at);
  let start = lineStart(text, at);
  if (indent === undefined || text.slice(start, at).includes("-")) return undefined;
  for (;;) {
    const previous = start === 0 ? undefined : lineStart(text, start - 1);
    if (previous === undefined || !/^\s*#/.test(text.slice(previous, start))) break;
    start = previous;
  }
  return { file, start, end: start, text: `${indent}${line}${eolOf(text)}` };
}

/** A line below the one in which an offset stands, comments at its end included. */
export function lineBelow(file: string, text: string, at: number, indent: string, line: string): Edit {
  const next = text.indexOf("\n", at);
  const end = next < 0 ? text.length : text.slice(at, next).endsWith("\r") ? next - 1 : next;
  return { file, start: end, end, text: `${eolOf(text)}${indent}${line}` };
}
