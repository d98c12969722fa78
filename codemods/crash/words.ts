import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";
import { errorLog } from "../floating/log.js";

/** The name that the file gives to what it catches. */
export const errorNameIn = ({ text }: Source): string =>
  /\(\s*err\b[^)]*\)\s*(=>|\{)|\berr =>/.test(text) ? "err" : "error";

/** A line that writes an error to the log of the file, where it has one that is known at the node, else to the console. */
export function logOf(project: Project, source: Source, node: Node, error: string): string {
  const logger = /([\w$.#]+\.error)\(/.exec(errorLog(project, source, node))?.[1];
  return `${logger ?? "console.error"}(${error})`;
}

/** A statement over several lines, moved to an indentation. */
export const moved = (statement: string, indent: string): string =>
  statement
    .split("\n")
    .map((line) => (line === "" ? "" : indent + line))
    .join("\n");

/** The statements of a block, each with its semicolon where the file writes them, in braces. */
export function blockOf({ style }: Source, statements: readonly string[], outer: string): string {
  const lines = statements.map((s) => moved(ended(s, style.semicolon), outer + style.indent));
  return `{\n${lines.join("\n")}\n${outer}}`;
}

/** With the semicolon of the file, unless it has one or is a block. */
export const ended = (statement: string, semicolon: string): string =>
  /;$|^(if|for|while|try|switch)\b/.test(statement) ? statement : statement + semicolon;

/** A function of one parameter, as the file writes functions. */
export function functionText(
  source: Source,
  {
    isAsync,
    param,
    statements,
    outer,
  }: { isAsync: boolean; param: string; statements: readonly string[]; outer: string },
): string {
  const body = blockOf(source, statements, outer);
  const lead = isAsync ? "async " : "";
  return source.style.arrows ? `${lead}(${param}) => ${body}` : `${lead}function (${param}) ${body}`;
}

/** The process ends with exit code 1: at once, or when nothing is left to do. */
export function failed({ text }: Source, atOnce: boolean): string {
  const process = /\bDeno\.exit(Code)?\b/.test(text) ? "Deno" : "process";
  return atOnce ? `${process}.exit(1)` : `${process}.exitCode = 1`;
}
