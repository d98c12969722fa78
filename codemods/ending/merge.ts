import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Closing } from "./closing.js";
import { lineStart, isFunction, pathTo, pathToCall, statementsOf, type Source } from "./source.js";
import type { SignalListener } from "./signals.js";
import type { Style } from "./style.js";

/** What the listeners of a file come to: they close telemetry themselves, or some of them cannot be made to. */
export interface Merged {
  edits: Edit[];
  /** Listeners that only start a drain and leave the end to the empty event loop, or that cannot be rewritten simply. */
  left: SignalListener[];
}

/** Lets each signal listener of the file await the closing: before it exits, or as the last thing it does. */
export function mergeInto(source: Source, listeners: SignalListener[], closing: Closing, style: Style, project: Project, module: Module): Merged {
  const edits: Edit[] = [];
  const left: SignalListener[] = [];
  const seen = new Set<Fn>();
  for (const listener of listeners) {
    const { fn } = listener;
    if (fn && seen.has(fn)) continue;
    const made = fn?.module === module && !fn.generator ? intoListener(source, fn, closing, style, project) : undefined;
    if (fn) seen.add(fn);
    if (made) edits.push(...made);
    else left.push(listener);
  }
  return { edits, left };
}

function intoListener(source: Source, fn: Fn, closing: Closing, style: Style, project: Project): Edit[] | undefined {
  const exits = fn.module.calls.filter(({ call }) => inside(call.at, fn.at) && isExit(project, call, fn.module));
  const wait = `await ${closing.text}${closing.rejects ? ".catch(console.error)" : ""}${style.end}`;
  if (exits.length === 0) return fn.async ? atTheEnd(source, fn, wait) : undefined;
  const edits: Edit[] = [];
  for (const { call } of exits) {
    const path = pathToCall(source.program, call.at);
    if (isDeadline(path)) continue;
    const edit = beforeExit(source, path, wait, style);
    if (!edit) return undefined;
    for (const e of edit) if (!edits.some((known) => known.start === e.start && known.end === e.end && known.text === e.text)) edits.push(e);
  }
  return edits.length > 0 ? edits : undefined;
}

const inside = (inner: readonly [number, number], outer: readonly [number, number]): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

const isExit = (project: Project, call: Call, module: Module): boolean =>
  project.values.of(call.callee, module).some((v) => v.v === "exit") ||
  call.args.some((a) => (a.k === "mem" || a.k === "id") && project.values.of(a, module).some((v) => v.v === "exit"));

/** The listener drains and lets the process end: closing is the last thing it waits for. */
function atTheEnd(source: Source, fn: Fn, wait: string): Edit[] | undefined {
  const node = pathTo(source.program, fn.at).findLast((n) => isFunction(n));
  const body = node?.body as Node | undefined;
  const statements = statementsOf(body);
  const last = statements?.at(-1);
  if (!body || !last || last.type === "ReturnStatement" || last.type === "ThrowStatement") return undefined;
  const begin = lineStart(source.text, last.start);
  const indent = source.text.slice(begin, last.start);
  const close = lineStart(source.text, body.end - 1);
  if (indent.trim() !== "" || close <= last.start || source.text.slice(close, body.end - 1).trim() !== "") return undefined;
  return [{ file: source.file, start: close, end: close, text: `${indent}${wait}\n` }];
}

/** Waits in front of an exit that is a statement of its own, or all of an arrow function. */
function beforeExit(source: Source, path: Node[], wait: string, style: Style): Edit[] | undefined {
  const { file, text } = source;
  const exit = path.at(-1);
  const index = path.findLastIndex((n) => isFunction(n));
  const fn = path[index];
  if (!fn || !exit || fn.generator === true) return undefined;
  const becomesAsync = fn.async === true ? [] : [{ file, start: fn.start, end: fn.start, text: "async " }];
  if (fn.async !== true && fn.type !== "ArrowFunctionExpression" && path[index - 1]?.type !== "CallExpression") return undefined;
  if (fn.body === exit) {
    const begin = lineStart(text, fn.start);
    const outer = /^[ \t]*/.exec(text.slice(begin))?.[0] ?? "";
    const inner = outer + style.indent;
    const body = `{\n${inner}${wait}\n${inner}${text.slice(exit.start, exit.end)}${style.end}\n${outer}}`;
    return [...becomesAsync, { file, start: exit.start, end: exit.end, text: body }];
  }
  const statement = path.at(-2);
  const siblings = statementsOf(path.at(-3));
  if (!statement || statement.type !== "ExpressionStatement" || !siblings?.includes(statement)) return undefined;
  const begin = lineStart(text, statement.start);
  const indent = text.slice(begin, statement.start);
  if (indent.trim() !== "") return undefined;
  return [...becomesAsync, { file, start: begin, end: begin, text: `${indent}${wait}\n` }];
}

/** The exit of a timer that ends a shutdown which takes too long. */
function isDeadline(path: Node[]): boolean {
  return path.some((node, i) => {
    const callee = node.type === "CallExpression" ? (node.callee as Node) : undefined;
    return callee?.type === "Identifier" && callee.name === "setTimeout" && isFunction(path[i + 1]);
  });
}
