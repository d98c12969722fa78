import type { Edit } from "../../src/finding.js";
import type { Hit } from "../../src/flow/world.js";
import type { Vendor } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, type Source } from "../edit/source.js";
import { helperOf } from "../flush/helpers.js";
import { isTail, type Site, siblingsOf } from "./site.js";

/**
 * An exit inside a `try` whose `finally` flushes: `process.exitCode` and a return let it run. Undefined where the function
 * gives a value, or where the process would not end by itself.
 */
export function exitCodeInstead(project: Project, site: Site, hit: Hit, vendor: Vendor): Edit[] | undefined {
  const { source, node, fn, form } = site;
  if (form !== "statement" || hit.stack.some((s) => s.as === "listener")) return undefined;
  const around = tryAround(source, node);
  const finalizer = around && child(around, "finalizer");
  if (!around || !finalizer || !flushes(project, source, finalizer, vendor)) return undefined;
  const code = codeOf(source, site.call);
  if (code === undefined) return undefined;
  const { semicolon } = source.style;
  const sets = code === "" ? [] : [`process.exitCode = ${code}`];
  // what comes after the exit must not run now: neither in the block that is left nor after the `try`
  const leaves = !isLast(source, node, around) || !isTail(source, around);
  if (leaves && (!fn || givesValue(source, fn))) return undefined;
  const lines = [...sets, ...(leaves ? ["return"] : [])];
  if (lines.length === 0) return undefined;
  const indent = source.indentAt(node.start);
  if (siblingsOf(source, node))
    return [source.replace(node.start, node.end, lines.join(`${semicolon}\n${indent}`) + semicolon)];
  if (lines.length === 1) return [source.replace(node.start, node.end, `${lines[0] ?? ""}${semicolon}`)];
  const inner = indent + source.style.indent;
  const body = lines.map((l) => `${inner}${l}${semicolon}\n`).join("");
  return [source.replace(node.start, node.end, `{\n${body}${indent}}`)];
}

/** The nearest `try` of the same function in whose block or handler the node stands, and that has a `finally`. */
function tryAround(source: Source, node: Node): Node | undefined {
  let below = node;
  for (const up of source.ancestors(node)) {
    if (isFunction(up)) return undefined;
    const finalizer = up.type === "TryStatement" ? child(up, "finalizer") : undefined;
    if (finalizer && finalizer !== below) return up;
    below = up;
  }
  return undefined;
}

/** A flush in the block is waited for. */
function flushes(project: Project, source: Source, block: Node, vendor: Vendor): boolean {
  const module = project.module(source.file);
  if (!module) return false;
  return module.calls.some(({ call }) => {
    if (call.at[0] < block.start || call.at[1] > block.end) return false;
    const node = source.at(call.at, "CallExpression");
    if (!node || !isAwaited(source, node, block)) return false;
    return project.values.of(call.callee, module).some((v) => {
      if (v.v === "fn") return helperOf(project, v.fn, vendor) !== undefined;
      const facts =
        v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
      return facts?.role === "flush" || facts?.role === "close";
    });
  });
}

function isAwaited(source: Source, call: Node, within: Node): boolean {
  for (const up of source.ancestors(call)) {
    if (up.type === "AwaitExpression") return true;
    if (up === within || isFunction(up)) return false;
  }
  return false;
}

/** The argument of `process.exit`; empty for none, undefined for an exit of another kind. */
function codeOf(source: Source, call: Node): string | undefined {
  const callee = child(call, "callee");
  if (!callee || !/^(globalThis\.)?process\.exit$/.test(source.textOf(callee))) return undefined;
  const [code] = list(call, "arguments");
  return code ? source.textOf(code) : "";
}

/** Nothing follows the node within the part of the `try` that it stands in. */
function isLast(source: Source, node: Node, around: Node): boolean {
  let below = node;
  for (const up of source.ancestors(node)) {
    if (up === around) return true;
    const siblings = siblingsOf(source, below);
    if (siblings && siblings.at(-1) !== below) return false;
    if (!/^(BlockStatement|IfStatement|CatchClause|TryStatement)$/.test(up.type)) return false;
    below = up;
  }
  return false;
}

/** A bare `return` would not do: the function is declared to give something, or gives something elsewhere. */
function givesValue(source: Source, fn: Node): boolean {
  const annotation = child(child(fn, "returnType"), "typeAnnotation");
  if (annotation) return !/^(Promise<)?(void|undefined|any|unknown)>?$/.test(source.textOf(annotation));
  for (const node of source.nodes())
    if (node.type === "ReturnStatement" && child(node, "argument") && source.functionOf(node) === fn)
      return true;
  return false;
}
