import type { Repair } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { promiseTimer } from "./race.js";
import { writesArrows } from "../floating/arrows.js";

/**
 * Lets the timer of a race not keep the process alive. A function that other code waits with too stays as it is, and the race
 * gets a timer of its own.
 * @param node the race, or a call in it
 */
export function releasedTimer(source: Source, node: Node): Repair | undefined {
  const race = raceAround(source, node);
  const edits =
    race && list(list(race, "arguments")[0], "elements").flatMap((e) => released(source, e) ?? []);
  return edits && edits.length > 0
    ? { level: "review", title: "Let the timer not keep the process alive", edits }
    : undefined;
}

function raceAround(source: Source, node: Node): Node | undefined {
  const isRace = (n: Node): boolean =>
    n.type === "CallExpression" && /^Promise\.race$/.test(source.textOf(child(n, "callee") ?? n));
  if (isRace(node)) return node;
  return [...source.ancestors(node)].find(isRace);
}

function released(source: Source, element: Node): Repair["edits"] | undefined {
  const timers = [...source.nodes()].filter(
    (n) =>
      n.type === "CallExpression" &&
      n.start >= element.start &&
      n.end <= element.end &&
      nameOf(child(n, "callee")) === "setTimeout",
  );
  const promised = promiseTimer(source);
  if (element.type === "CallExpression" && promised !== undefined && calledName(element) === promised) {
    const args = list(element, "arguments");
    const last = args.at(-1);
    if (!last || args.length > 2) return undefined;
    return [source.insert(last.end, args.length === 1 ? ", undefined, { ref: false }" : ", { ref: false }")];
  }
  const [timer] = timers;
  if (timer) {
    const up = source.parentOf(timer);
    return up?.type === "MemberExpression" ? undefined : [source.insert(timer.end, ".unref()")];
  }
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
