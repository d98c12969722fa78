import type { Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, openSource, type Source } from "../edit/source.js";
import { caughtEdits } from "../floating/dropped.js";
import { calledAt, type Called } from "../floating/called.js";
import { errorLog } from "../floating/log.js";
import { nodeOf } from "../flush/helpers.js";
import { placeOf } from "../floating/place.js";
import { loadings } from "../edit/imports.js";
import { constantAt } from "./limit.js";
import { exitAnyway, promiseAround } from "./told.js";
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
  if (!called || (!place && !isTold(called))) return undefined;
  const limit = constantAt(project, source, node);
  const millis = limit ? (limit.unit === "ms" ? limit.name : `${limit.name} * 1000`) : String(LIMIT_MILLIS);
  if (isTold(called)) {
    const promise = promiseAround(source, node);
    if (!promise) return exitAnyway(project, source, node, millis);
    return replaced(source, promise, promise, inPlace(source, promise, source.textOf(promise), millis));
  }
  const whole = chainEnd(source, node);
  // nobody waits: there is nothing to bound
  if (!place || (place.is === "dropped" && place.whole === node)) return undefined;
  const text = source.text.slice(node.start, whole.end);
  const caught =
    text +
    caughtEdits(project, source, called, place)
      .map((e) => e.text)
      .join("");
  const helper = helperIn(project, source, node);
  const made = !helper
    ? inPlace(source, node, caught, millis)
    : helper.rejects && !place.caught
      ? `${helper.call(text, millis)}.catch(${errorLog(project, source, node)})`
      : helper.call(caught, millis);
  return replaced(source, node, whole, made);
}

function replaced(source: Source, from: Node, to: Node, text: string | undefined): Repair | undefined {
  if (text === undefined) return undefined;
  return {
    level: "review",
    title: "Wait for a limited time",
    edits: [source.replace(from.start, to.end, text)],
  };
}

/** The end is told to a callback, not by a promise. */
const isTold = ({ node, target }: Called): boolean =>
  target !== undefined &&
  (target.facts.style === "callback" ||
    target.facts.style === "event" ||
    (target.facts.callback !== undefined && list(node, "arguments").some(isFunction)));

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

/** How to call a function that races what it is given against a timer. */
interface Helper {
  call(text: string, millis: string): string;
  /** The timer ends the race by a failure. */
  rejects: boolean;
}

/** Such a function, the file's own or one that it imports. */
function helperIn(project: Project, source: Source, node: Node): Helper | undefined {
  const module = project.module(source.file);
  for (const bind of module?.bindings ?? []) {
    const id = { k: "id", name: bind.name, bind, at: bind.at } as const;
    for (const value of module ? project.values.of(id, module) : []) {
      const home = value.v === "fn" ? openSource(project, value.fn.module.file) : undefined;
      const fn = home && value.v === "fn" ? nodeOf(home, value.fn) : undefined;
      if (!home || !fn || (home === source && fn.start <= node.start && node.end <= fn.end)) continue;
      const helper = helperOf(home, fn, bind.name);
      if (helper) return helper;
    }
  }
  return undefined;
}

function helperOf(source: Source, fn: Node, name: string): Helper | undefined {
  const params = (fn.params as Node[]).map((p) =>
    nameOf(p.type === "AssignmentPattern" ? child(p, "left") : p),
  );
  const text = source.textOf(fn);
  if (params.length !== 2 || !/Promise\.race\(\s*\[/.test(text)) return undefined;
  const uses = (before: string) => (p: string | undefined) =>
    p !== undefined && new RegExp(`${before}\\b${p}\\b`).test(text);
  const time = params.findIndex(uses("setTimeout\\([^]*,\\s*"));
  const promise = time === 0 ? 1 : 0;
  if (time < 0 || !uses("race\\(\\s*\\[[^\\]]*")(params[promise])) return undefined;
  return {
    call: (given, millis) => `${name}(${promise === 0 ? `${given}, ${millis}` : `${millis}, ${given}`})`,
    rejects: /\breject\b|\bthrow\b/.test(text),
  };
}
