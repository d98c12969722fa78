import type { Edit } from "../../src/finding.js";
import type { Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { withParentheses } from "../edit/insert.js";
import { child, list, type Source } from "../edit/source.js";
import type { Project } from "../../src/program/project.js";
import { nodeOf } from "../flush/helpers.js";
import { blockOf, functionText } from "./words.js";

/** What lets a failure of a runner be heard. */
export interface Mended {
  edits: Edit[];
  /** Nothing but the report is new. */
  safe: boolean;
}

/** A function that is handed to a runner. */
export interface Given {
  source: Source;
  module: Module;
  /** What is handed over: the function itself, its name, or a call that binds it. */
  node: Node;
  fn: Fn;
}

/** What deals with the failure: statements, or a function by its name (`next`). */
export type Handler = { error: string; statements: readonly string[] } | { name: string };

/**
 * Lets a function catch what it fails with: in a `catch` of the promise that it hands back, else in a `try` around its body. One
 * that is known by its name only is called from a new function.
 * @param params what a new function is to take; what the function itself takes when left out
 * @param passed what it passes on
 * @returns undefined where the function cannot be seen, or its text would change
 */
export function catching(
  project: Project,
  { source, module, node, fn }: Given,
  handler: Handler,
  params?: readonly string[],
  passed = params,
): Edit[] | undefined {
  if (/Function/.test(node.type)) {
    const promise = promiseOf(project, source, module, node);
    return promise
      ? [source.insert(promise.end, `.catch(${textOf(source, handler, source.indentAt(promise.start))})`)]
      : tryAround(source, node, handler);
  }
  const called = calledText(source, node);
  const own =
    fn.module === module ? paramsOf(nodeOf(source, fn)) : fn.params.map(([p]) => p?.name ?? "value");
  const names = params ?? own;
  if (called === undefined || !fn.async || !names) return undefined;
  const taken = names.join(", ");
  const caught = textOf(source, handler, source.indentAt(node.start));
  const call = `${called}(${(passed ?? names).join(", ")}).catch(${caught})`;
  const { arrows, semicolon } = source.style;
  const text = arrows ? `(${taken}) => ${call}` : `function (${taken}) { ${call}${semicolon} }`;
  return [source.replace(node.start, node.end, text)];
}

/** How a function is called that is handed over by its name, or bound to what it is a method of. */
function calledText(source: Source, node: Node): string | undefined {
  if (node.type === "Identifier") return node.name as string;
  const callee = child(node, "callee");
  const [to, more] = list(node, "arguments");
  const method = child(callee, "object");
  if (node.type !== "CallExpression" || child(callee, "property")?.name !== "bind" || !to || more)
    return undefined;
  const holder = child(method, "object");
  return method?.type === "MemberExpression" && holder && source.textOf(holder) === source.textOf(to)
    ? source.textOf(method)
    : undefined;
}

/** The names of the parameters of a function; undefined where one has none. */
export function paramsOf(fn: Node | undefined): string[] | undefined {
  const params = (fn?.params ?? []) as Node[];
  return params.every((p) => p.type === "Identifier") ? params.map((p) => p.name as string) : undefined;
}

/** The call of an async function of the program that an arrow function hands back. */
function promiseOf(project: Project, source: Source, module: Module, fn: Node): Node | undefined {
  let body = child(fn, "body");
  if (body?.type === "BlockStatement") {
    const [only, second] = list(body, "body");
    body = only?.type === "ReturnStatement" && !second ? child(only, "argument") : undefined;
  }
  if (body?.type === "AwaitExpression") body = child(body, "argument");
  const known = module.calls.find(({ call }) => call.at[0] === body?.start && call.at[1] === body.end);
  const isAsync =
    body?.type === "CallExpression" &&
    known !== undefined &&
    project.values.callee(known.call.callee, module).some((v) => v.v === "fn" && v.fn.async);
  // an argument that has to be worked out first may fail as well
  const plain = list(body, "arguments").every((a) => !source.textOf(a).includes("("));
  return isAsync && (fn.async !== true || plain) ? body : undefined;
}

/** The body of a function goes into a `try`. */
function tryAround(source: Source, fn: Node, handler: Handler): Edit[] | undefined {
  const body = child(fn, "body");
  if (!body || "name" in handler || (fn.async !== true && body.type !== "BlockStatement")) return undefined;
  return body.type === "BlockStatement"
    ? tryInBlock(source, body, handler)
    : tryInExpression(source, fn, body, handler);
}

type Statements = Extract<Handler, { error: string }>;

function tryInBlock(source: Source, body: Node, handler: Statements): Edit[] | undefined {
  const { text, style } = source;
  const outer = source.indentAt(body.end - 1);
  const inner = outer + style.indent;
  const end = `${inner}} ${clauseOf(source, handler, inner)}\n${outer}`;
  const inside = text.slice(body.start + 1, body.end - 1);
  if (!inside.includes("\n")) {
    const { semicolon } = style;
    const only = inside.trim();
    if (only === "" || only.includes("//")) return undefined;
    const line = /[;}]$/.test(only) ? only : only + semicolon;
    const put = `\n${inner}try {\n${inner}${style.indent}${line}\n${end}`;
    return [source.replace(body.start + 1, body.end - 1, put)];
  }
  if (!source.isFirstOnLine(body.end - 1)) return undefined;
  const first = body.start + 1 + inside.indexOf("\n");
  const last = source.lineStart(body.end - 1);
  const lines: string[] = [];
  for (let at = first + 1; at < last;) {
    const next = text.indexOf("\n", at) + 1;
    const line = text.slice(at, next);
    lines.push(line.trim() === "" || isInTemplate(source, at) ? line : style.indent + line);
    at = next;
  }
  return [source.replace(first, body.end - 1, `\n${inner}try {\n${lines.join("")}${end}`)];
}

/** The line belongs to a string over several lines. */
function isInTemplate(source: Source, offset: number): boolean {
  for (const n of source.nodes())
    if (n.type === "TemplateElement" && n.start < offset && offset <= n.end) return true;
  return false;
}

function tryInExpression(source: Source, fn: Node, body: Node, handler: Statements): Edit[] | undefined {
  const { semicolon, indent } = source.style;
  const [start, end] = withParentheses(source, body, fn);
  const outer = source.indentAt(fn.start);
  const inner = outer + indent;
  const kept = source.textOf(body);
  if (kept.includes("\n")) return undefined;
  const isCall = body.type === "CallExpression";
  const lead = isCall ? "return await " : body.type === "AwaitExpression" ? "return " : "";
  const tail = `${inner}} ${clauseOf(source, handler, inner)}\n${outer}}`;
  const text = `{\n${inner}try {\n${inner}${indent}${lead}${kept}${semicolon}\n${tail}`;
  return [source.replace(start, end, text)];
}

const clauseOf = (source: Source, { error, statements }: Statements, outer: string): string =>
  `catch (${error}) ${blockOf(source, statements, outer)}`;

function textOf(source: Source, handler: Handler, outer: string): string {
  if ("name" in handler) return handler.name;
  const { error, statements } = handler;
  const [only, more] = statements;
  if (only !== undefined && more === undefined && source.style.arrows && /^[\w$.]+\(/.test(only))
    return `(${error}) => ${only}`;
  const isAsync = statements.some((s) => s.startsWith("await "));
  return functionText(source, { isAsync, param: error, statements, outer });
}
