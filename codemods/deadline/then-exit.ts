import type { Edit, Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, isFunction, list, type Source } from "../edit/source.js";
import { errorLog } from "../floating/log.js";

/**
 * `flush().then(() => exit(0))` becomes `flush().catch(log).finally(() => exit(0))`. What the callback does before the exit
 * stays in a `then` of its own.
 * @param then the call of `then` in whose callback the exit stands
 */
export function exitInFinally(project: Project, source: Source, then: Node): Repair | undefined {
  const callee = child(then, "callee");
  const property = child(callee, "property");
  const before = child(callee, "object");
  const [callback] = list(then, "arguments");
  if (calledName(then) !== "then" || !property || !before || !callback) return undefined;
  const title = "Exit whether or not the flush succeeds";
  const later = handlerBehind(source, then);
  if (later) return { level: "review", title, edits: swapped(source, then, later, callback) };
  const log = `.catch(${errorLog(project, source, then)})`;
  const parts = split(source, callback);
  const links = parts
    ? [`.then(${parts.work})`, log, `.finally(${parts.exit})`]
    : [log, `.${takesValue(callback) ? "then" : "finally"}(${source.textOf(callback)})`];
  const breaks = isTooLong(source, then, before, links) ? lineBreaks(source, before) : [];
  const written = source.text.slice(before.end, property.start).replace(/\?\.|\./, "");
  const gap = breaks[0]?.text ?? written;
  const text = links.map((link) => gap + link).join("");
  return { level: "review", title, edits: [...breaks, source.replace(before.end, then.end, text)] };
}

/** Whether a chain that can stand on one line would be wider than the lines of its file. */
function isTooLong(source: Source, then: Node, before: Node, links: string[]): boolean {
  const width = Math.max(80, ...source.text.split("\n").map((l) => (l.length > 120 ? 0 : l.length)));
  const chain = source.text.slice(source.lineStart(then.start), before.end) + links.join("");
  return source.isFirstOnLine(then.start) && !chain.includes("\n") && chain.length + 1 > width;
}

/** A line for each call of a chain. */
function lineBreaks(source: Source, chain: Node): Edit[] {
  const step = `\n${source.indentAt(chain.start)}${source.style.indent}`;
  const edits: Edit[] = [];
  for (let at: Node | undefined = chain; at?.type === "CallExpression";) {
    const object: Node | undefined = child(child(at, "callee"), "object");
    if (object) edits.push(source.insert(object.end, step));
    at = object;
  }
  return edits;
}

const takesValue = (callback: Node): boolean =>
  isFunction(callback) && (callback.params as Node[]).length > 0;

/** A `catch` chained further on: the failure is logged there, and no exit follows. */
function handlerBehind(source: Source, then: Node): Node | undefined {
  const member = source.parentOf(then);
  const call = member && source.parentOf(member);
  return member?.type === "MemberExpression" &&
    call?.type === "CallExpression" &&
    child(call, "callee") === member &&
    calledName(call) === "catch"
    ? call
    : undefined;
}

/** `.then(exit).catch(log)` -> `.catch(log).finally(exit)`, each with the white space that it had. */
function swapped(source: Source, then: Node, handler: Node, callback: Node): Edit[] {
  const before = child(child(then, "callee"), "object") as Node;
  const own = source.text.slice(before.end, then.end);
  const name = takesValue(callback) ? own : own.replace(/\bthen\b/, "finally");
  return [source.replace(before.end, handler.end, source.text.slice(then.end, handler.end) + name)];
}

/** What a callback does before its last statement, the exit, and that statement, each as a callback. */
function split(source: Source, callback: Node): { work: string; exit: string } | undefined {
  const body = child(callback, "body");
  const statements = list(body, "body");
  const exit = statements.at(-1);
  const call = child(exit, "expression");
  const rest = statements.slice(0, -1);
  if (callback.type !== "ArrowFunctionExpression" || body?.type !== "BlockStatement" || !exit)
    return undefined;
  const [first] = rest;
  const expression = rest.length === 1 ? child(first, "expression") : undefined;
  if (!first || call?.type !== "CallExpression" || callback.async === true || takesValue(callback))
    return undefined;
  if (rest.some((s) => s.type !== "ExpressionStatement")) return undefined;
  const last = rest.at(-1) ?? first;
  const comment = /\/[/*]/.test(source.text.slice(body.start, body.end).replaceAll("://", ""));
  if (comment) return undefined;
  const work = expression
    ? `() => ${source.textOf(expression)}`
    : source.text.slice(callback.start, last.end) + source.text.slice(exit.end, callback.end);
  return { work, exit: `() => ${source.textOf(call)}` };
}
