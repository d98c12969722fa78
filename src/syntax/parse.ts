import { parseSync } from "oxc-parser";
import { isNestedTooDeeply } from "./nesting.js";

/** A node of the parser's ESTree, read structurally. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export interface Comment {
  type: "Line" | "Block";
  value: string;
  start: number;
  end: number;
}

export interface ParsedFile {
  program: Node;
  comments: Comment[];
}

/** A text this short has no room for the nesting that no parser bears. */
const SHORT = 4000;

/** Why a file could not be parsed, with the place. */
export class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
    this.name = "SyntaxProblem";
  }
}

function languageOf(file: string): "ts" | "tsx" | "jsx" {
  if (/\.[cm]?ts$/.test(file)) return "ts";
  return file.endsWith(".tsx") ? "tsx" : "jsx";
}

/**
 * Parses one file; JavaScript is read with JSX allowed, as bundlers do.
 * @param text the file without its byte order mark
 * @throws SyntaxProblem when the text is not a program
 */
export function parse(file: string, text: string): ParsedFile {
  // the native parser overruns its stack some thousand levels down and takes the process along
  if (text.length > SHORT && isNestedTooDeeply(text))
    throw new SyntaxProblem("nested too deeply to be parsed", 0);
  const attempt = (lang: "ts" | "tsx" | "jsx", sourceType: "module" | "unambiguous") =>
    parseSync(file, text, { lang, sourceType, preserveParens: false });
  const lang = languageOf(file);
  let result = attempt(lang, file.endsWith(".cjs") || file.endsWith(".cts") ? "unambiguous" : "module");
  if (result.errors.some((e) => e.severity === "Error") && result.program.body.length === 0) {
    // sloppy-mode scripts (`with`, octal literals) and Flow-free JSX in .ts files still deserve a reading
    const again = attempt(lang === "jsx" ? "tsx" : lang, "unambiguous");
    if (again.program.body.length > 0 || again.errors.length === 0) result = again;
  }
  const fatal = result.errors.find((e) => e.severity === "Error");
  if (fatal && result.program.body.length === 0) {
    throw new SyntaxProblem(fatal.message, fatal.labels[0]?.start ?? 0);
  }
  return { program: result.program as unknown as Node, comments: result.comments };
}

/** Offsets of line starts, for turning offsets into lines. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 0x2028 || c === 0x2029) starts.push(i + 1);
    else if (c === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
  }
  return starts;
}

/** 1-based line and column of an offset. */
export function positionOf(starts: number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
