import type { Project } from "../../src/program/project.js";
import type { Span } from "../../src/syntax/ir.js";
import { parse, SyntaxProblem, type Comment, type Node } from "../../src/syntax/parse.js";

/** A file read again for its exact places: the repairs edit text, the analysis knows no statements' ends or comments. */
export interface Source {
  file: string;
  text: string;
  program: Node;
  comments: Comment[];
}

/** The source of a file of the project; undefined when it cannot be read or parsed. */
export function readSource(project: Project, file: string): Source | undefined {
  const text = project.index.read(file);
  if (text === undefined) return undefined;
  try {
    return { file, text, ...parse(file, text) };
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}

/** The nodes around a span, from the program inward to the innermost that holds it. */
export function pathTo(program: Node, at: Span): Node[] {
  const path = [program];
  for (let node = enclosing(program, at); node; node = enclosing(node, at)) path.push(node);
  return path;
}

/** The same, ending with the call or `new` that has exactly this span; empty when there is none. */
export function pathToCall(program: Node, at: Span): Node[] {
  const path = pathTo(program, at);
  const index = path.findLastIndex((node) => isCall(node) && node.start === at[0] && node.end === at[1]);
  return path.slice(0, index + 1);
}

export const isCall = (node: Node): boolean => node.type === "CallExpression" || node.type === "NewExpression";

export const isFunction = (node: Node | undefined): boolean =>
  node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression" || node?.type === "FunctionDeclaration";

const enclosing = (node: Node, at: Span): Node | undefined =>
  childrenOf(node).find((child) => child.start <= at[0] && at[1] <= child.end);

/** The nodes directly below a node, in no particular order. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value])).filter(isNode);
}

/** Every node below a node, itself included. */
export function* nodesIn(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesIn(child);
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;

/** The statements that a program, block or case holds; undefined for any other node. */
export function statementsOf(node: Node | undefined): Node[] | undefined {
  if (node?.type === "Program" || node?.type === "BlockStatement" || node?.type === "StaticBlock") return node.body as Node[];
  return node?.type === "SwitchCase" ? (node.consequent as Node[]) : undefined;
}

/** Start of the line of an offset. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;

/** End of the line of an offset, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end < 0) return text.length;
  return text[end - 1] === "\r" && end > offset ? end - 1 : end;
}

/** The white space that a line begins with. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? "";
