import type { Node } from "../../src/syntax/parse.js";
import { child, childrenOf, isFunction, list, nameOf, type Source } from "./source.js";

/** Every node below one, itself among them. */
export const nodesIn = (node: Node | undefined): Node[] =>
  node ? [node, ...childrenOf(node).flatMap(nodesIn)] : [];

/** The same, without what stands in functions below. */
export const ownNodesIn = (node: Node | undefined): Node[] =>
  node ? [node, ...childrenOf(node).flatMap((n) => (isFunction(n) ? [n] : ownNodesIn(n)))] : [];

export const returnsIn = (body: Node | undefined): Node[] =>
  ownNodesIn(body).filter((n) => n.type === "ReturnStatement");

/** The last statement of a handler, when it throws what it was given and nothing before it throws. */
export function lastThrow(handler: Node): Node | undefined {
  const body = child(handler, "body");
  const param = handler.type === "CatchClause" ? child(handler, "param") : list(handler, "params")[0];
  const last = list(body, "body").at(-1);
  const name = nameOf(param);
  const thrown = ownNodesIn(body).filter((n) => n.type === "ThrowStatement");
  return name !== undefined &&
    thrown.length === 1 &&
    last === thrown[0] &&
    nameOf(child(last, "argument")) === name
    ? last
    : undefined;
}

/** A name that the function around a node does not know yet; undefined when it would take another word. */
export function freeName(source: Source, at: Node, name: string): string | undefined {
  const around = source.functionOf(at);
  const text = around ? source.textOf(around) : source.text;
  return [name, `${name}Result`].find((n) => !new RegExp(`\\b${n}\\b`).test(text));
}

/** The text of a function without one of its statements, and without its line. */
export function textWithout(source: Source, fn: Node, statement: Node): string {
  const [start, end] = lineOf(source, statement);
  return source.text.slice(fn.start, start) + source.text.slice(end, fn.end);
}

/** A text whose first line was indented so, at another depth. */
export const atDepth = (text: string, from: string, to: string): string =>
  text
    .split("\n")
    .map((line, i) => (i > 0 && line.startsWith(from) ? to + line.slice(from.length) : line))
    .join("\n");

/** A statement with its line, where it stands alone on it. */
export function lineOf(source: Source, statement: Node): [number, number] {
  const rest = /^[ \t]*\r?\n/.exec(source.text.slice(statement.end));
  return source.isFirstOnLine(statement.start) && rest
    ? [source.lineStart(statement.start), statement.end + rest[0].length]
    : [statement.start, statement.end];
}
