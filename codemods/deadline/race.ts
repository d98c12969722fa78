import type { Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { caughtEdits } from "../floating/dropped.js";
import { calledAt } from "../floating/called.js";
import { placeOf } from "../floating/place.js";
import { loadings } from "../edit/imports.js";
import { constantAt } from "./limit.js";
import { writesArrows } from "../floating/arrows.js";

/** Milliseconds for a call that takes no limit of its own: connections may have to be closed as well. */
const LIMIT_MILLIS = 5000;

/**
 * Races a wait that knows no limit against a timer, by the file's own helper for that or in place. The timer does not keep the
 * process alive, and a failure counts as the end.
 */
export function raced(project: Project, source: Source, node: Node): Repair | undefined {
  const called = calledAt(project, source, node);
  const place = placeOf(source, node);
  if (!called || !place) return undefined;
  const caught = caughtEdits(project, source, called, place);
  const whole = chainEnd(source, node);
  const text = source.text.slice(node.start, whole.end) + caught.map((e) => e.text).join("");
  const limit = constantAt(project, source, node);
  const millis = limit ? (limit.unit === "ms" ? limit.name : `${limit.name} * 1000`) : String(LIMIT_MILLIS);
  const helper = helperIn(source, node);
  const made = helper ? helper(text, millis) : inPlace(source, node, text, millis);
  if (made === undefined) return undefined;
  return {
    level: "review",
    title: "Wait for a limited time",
    edits: [source.replace(node.start, whole.end, made)],
  };
}

/** A call with the `catch` right behind it. */
function chainEnd(source: Source, node: Node): Node {
  const member = source.parentOf(node);
  const call = member && source.parentOf(member);
  return call?.type === "CallExpression" &&
    child(call, "callee") === member &&
    nameOf(child(member, "property")) === "catch"
    ? call
    : node;
}

function inPlace(source: Source, node: Node, text: string, millis: string): string | undefined {
  const timer = timerOf(source, millis);
  if (timer === undefined) return undefined;
  const outer = source.indentAt(node.start);
  const inner = outer + source.style.indent;
  return `Promise.race([\n${inner}${text},\n${inner}${timer},\n${outer}])`;
}

/** A promise that is fulfilled after a time and holds nothing up. */
export function timerOf(source: Source, millis: string): string | undefined {
  const promised = promiseTimer(source);
  if (promised !== undefined) return `${promised}(${millis}, undefined, { ref: false })`;
  if (!writesArrows(source))
    return `new Promise(function (resolve) { setTimeout(resolve, ${millis}).unref()${source.style.semicolon} })`;
  const type = source.isTypeScript ? "<void>" : "";
  return `new Promise${type}((resolve) => setTimeout(resolve, ${millis}).unref())`;
}

/** What the file calls the timer of `node:timers/promises`. */
export function promiseTimer(source: Source): string | undefined {
  for (const { node, specifier, pattern } of loadings(source)) {
    if (!/^(node:)?timers\/promises$/.test(specifier)) continue;
    for (const s of [...list(node, "specifiers"), ...list(pattern, "properties")])
      if (nameOf(child(s, "imported") ?? child(s, "key")) === "setTimeout")
        return nameOf(child(s, "local") ?? child(s, "value"));
  }
  return undefined;
}

/** A function of the file that races what it is given against a timer: how to call it. */
function helperIn(source: Source, node: Node): ((text: string, millis: string) => string) | undefined {
  for (const fn of source.nodes()) {
    if (!isFunction(fn) || (fn.start <= node.start && node.end <= fn.end)) continue;
    const params = (fn.params as Node[]).map((p) =>
      nameOf(p.type === "AssignmentPattern" ? child(p, "left") : p),
    );
    const name = nameOf(child(fn, "id") ?? child(source.parentOf(fn), "id"));
    const text = source.textOf(fn);
    if (
      name === undefined ||
      params.length !== 2 ||
      !/Promise\.race\(\s*\[/.test(text) ||
      !isTopLevel(source, fn)
    )
      continue;
    const uses = (before: string) => (p: string | undefined) =>
      p !== undefined && new RegExp(`${before}\\b${p}\\b`).test(text);
    const time = params.findIndex(uses("setTimeout\\([^]*,\\s*"));
    const promise = time === 0 ? 1 : 0;
    if (time < 0 || !uses("race\\(\\s*\\[[^\\]]*")(params[promise])) continue;
    return (given, millis) => `${name}(${promise === 0 ? `${given}, ${millis}` : `${millis}, ${given}`})`;
  }
  return undefined;
}

function isTopLevel(source: Source, fn: Node): boolean {
  return source.functionOf(fn) === undefined;
}
