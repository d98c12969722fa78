import type { Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { patternNames } from "../../src/syntax/scope.js";
import { insertBefore } from "../edit/insert.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { siteOf } from "../exit/site.js";
import { writesArrows } from "../floating/arrows.js";
import { mentions } from "../floating/names.js";

/** The promise that the callback of a call settles: `new Promise((resolve) => rollbar.wait(resolve))`. */
export function promiseAround(source: Source, call: Node): Node | undefined {
  const executor = source.functionOf(call);
  const promise = executor && source.parentOf(executor);
  return promise?.type === "NewExpression" &&
    nameOf(child(promise, "callee")) === "Promise" &&
    list(promise, "arguments")[0] === executor
    ? promise
    : undefined;
}

/**
 * Ends the process after a time, whatever becomes of the callback in which it is to end.
 * @param millis the time as it is written
 * @returns undefined where the callback does not end the process, or needs to know more for it
 */
export function exitAnyway(project: Project, source: Source, call: Node, millis: string): Repair | undefined {
  const callback = list(call, "arguments").find(isFunction);
  const site = siteOf(source, call);
  const exit = callback && onlyExit(project, source, callback);
  if (!callback || !site || exit === undefined || site.form !== "statement") return undefined;
  const then = writesArrows(source) ? `() => ${exit}` : `function () { ${exit}${source.style.semicolon} }`;
  return {
    level: "review",
    title: "End the process after a time in any case",
    edits: insertBefore(site, `setTimeout(${then}, ${millis}).unref()`),
  };
}

/** The text of the one exit in a callback, where it means the same outside. */
function onlyExit(project: Project, source: Source, callback: Node): string | undefined {
  const module = project.module(source.file);
  const found = (module?.calls ?? []).filter(
    ({ call }) =>
      callback.start <= call.at[0] &&
      call.at[1] <= callback.end &&
      module &&
      project.values.of(call.callee, module).some((v) => v.v === "exit"),
  );
  const [exit] = found;
  if (!exit || found.length > 1) return undefined;
  const text = source.text.slice(...exit.call.at);
  const own = [
    ...(callback.params as Node[]).flatMap((p) => patternNames(p)),
    ...list(child(callback, "body"), "body").flatMap((s) =>
      list(s, "declarations").flatMap((d) => patternNames(child(d, "id"))),
    ),
  ];
  return own.some((id) => mentions(text, id.name as string)) ? undefined : text;
}
