import type { Edit, Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, isFunction, list, nameOf, openSource, type Source } from "../edit/source.js";
import { calledAt } from "../floating/called.js";
import { nodeOf } from "../flush/helpers.js";
import { promiseTimer } from "./race.js";
import { writesArrows } from "../floating/arrows.js";

/**
 * Lets the timer of a race not keep the process alive. A function that other code waits with too stays as it is, and the race
 * gets a timer of its own.
 * @param node the race, or a call in it
 */
export function releasedTimer(project: Project, source: Source, node: Node): Repair | undefined {
  const race = raceAround(source, node);
  if (!race) return inHelper(project, source, node);
  const edits =
    race && list(list(race, "arguments")[0], "elements").flatMap((e) => released(source, e) ?? []);
  return edits && edits.length > 0 ? { level: "review", title: TITLE, edits } : undefined;
}

/** The race is in a function of the program that is given the promise: its timer is for nothing else. */
function inHelper(project: Project, source: Source, node: Node): Repair | undefined {
  for (const up of source.ancestors(node)) {
    const [fn] = (up.type === "CallExpression" && calledAt(project, source, up)?.fns) || [];
    const home = fn && openSource(project, fn.module.file);
    const body = fn && home && nodeOf(home, fn);
    if (!home || !body || !/\bPromise\.race\(/.test(home.textOf(body))) continue;
    const edits = [...home.nodes()].flatMap((n) =>
      isTimer(n) && body.start <= n.start && n.end <= body.end ? unref(home, n) : [],
    );
    return edits.length > 0 ? { level: "review", title: TITLE, edits } : undefined;
  }
  return undefined;
}

const TITLE = "Let the timer not keep the process alive";

const isTimer = (n: Node): boolean =>
  n.type === "CallExpression" && nameOf(child(n, "callee")) === "setTimeout";

const unref = (source: Source, timer: Node): Edit[] =>
  source.parentOf(timer)?.type === "MemberExpression" ? [] : [source.insert(timer.end, ".unref()")];

function raceAround(source: Source, node: Node): Node | undefined {
  const isRace = (n: Node): boolean =>
    n.type === "CallExpression" && /^Promise\.race$/.test(source.textOf(child(n, "callee") ?? n));
  if (isRace(node)) return node;
  return [...source.ancestors(node)].find(isRace);
}

function released(source: Source, element: Node): Repair["edits"] | undefined {
  const promised = promiseTimer(source);
  if (element.type === "CallExpression" && promised !== undefined && calledName(element) === promised) {
    const args = list(element, "arguments");
    const last = args.at(-1);
    if (!last || args.length > 2) return undefined;
    return [source.insert(last.end, args.length === 1 ? ", undefined, { ref: false }" : ", { ref: false }")];
  }
  const timer = [...source.nodes()].find(
    (n) => isTimer(n) && n.start >= element.start && n.end <= element.end,
  );
  if (timer) return unref(source, timer);
  return ofHelper(source, element);
}

/** `sleep(5000)`: a timer of its own for the race. */
function ofHelper(source: Source, element: Node): Repair["edits"] | undefined {
  const name = element.type === "CallExpression" ? nameOf(child(element, "callee")) : undefined;
  const [millis] = list(element, "arguments");
  if (name === undefined || !millis || list(element, "arguments").length !== 1) return undefined;
  const helper = [...source.nodes()].find(
    (n) => isFunction(n) && nameOf(child(n, "id") ?? child(source.parentOf(n), "id")) === name,
  );
  const text = helper ? source.textOf(helper) : "";
  if (!helper || !/\bsetTimeout\(/.test(text) || /\breject\b|\bthrow\b|\.unref\(/.test(text))
    return undefined;
  const type = source.isTypeScript ? "<void>" : "";
  const { semicolon } = source.style;
  const arrows = writesArrows(source);
  const timer = `setTimeout(resolve, ${source.textOf(millis)}).unref()`;
  const made = arrows
    ? `new Promise${type}((resolve) => ${timer})`
    : `new Promise(function (resolve) { ${timer}${semicolon} })`;
  return [source.replace(element.start, element.end, made)];
}
