import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { visibleAt } from "../flush/names.js";
import { writesArrows } from "./arrows.js";

const LEVELS = /^(debug|info|warn|error|fatal)$/;
const LOGGER = /^log(ger|ging)?$|logger$/i;

/**
 * What to hand to `catch` at a node: the logger that the file writes to, if it is known there, else the console.
 */
export function errorLog(project: Project, source: Source, node: Node): string {
  const logger = loggerAt(project, source, node);
  if (logger === undefined) return "console.error";
  const name = errorName(source);
  return writesArrows(source)
    ? `(${name}) => ${logger}.error(${name})`
    : `function (${name}) { ${logger}.error(${name})${source.style.semicolon} }`;
}

/** The name that the file gives to what it catches. */
const errorName = (source: Source): string =>
  /\(\s*err\b[^)]*\)\s*(=>|\{)|\berr =>/.test(source.text) ? "err" : "error";

function loggerAt(project: Project, source: Source, node: Node): string | undefined {
  const module = project.module(source.file);
  const names = module && visibleAt(source, module, node);
  const own = classAround(source, node);
  for (const call of source.nodes()) {
    const callee = call.type === "CallExpression" ? child(call, "callee") : undefined;
    if (callee?.type !== "MemberExpression" || !LEVELS.test(nameOf(child(callee, "property")) ?? ""))
      continue;
    const object = child(callee, "object");
    if (object?.type === "Identifier" && LOGGER.test(object.name as string)) {
      if (names?.has(object.name as string)) return object.name as string;
    } else if (
      object?.type === "MemberExpression" &&
      child(object, "object")?.type === "ThisExpression" &&
      LOGGER.test(nameOf(child(object, "property")) ?? "") &&
      own !== undefined &&
      classAround(source, call) === own
    )
      return source.textOf(object);
  }
  return own && fieldLogger(own);
}

/** `private readonly logger = new Logger(...)`, though nothing was reported to it yet. */
function fieldLogger(body: Node): string | undefined {
  const field = list(body, "body").find(
    (m) =>
      m.type === "PropertyDefinition" &&
      m.static !== true &&
      LOGGER.test(nameOf(child(m, "key")) ?? "") &&
      child(m, "value")?.type === "NewExpression",
  );
  return field && `this.${nameOf(child(field, "key")) ?? ""}`;
}

/** The class body whose `this` is meant at a node. */
function classAround(source: Source, node: Node): Node | undefined {
  for (const up of source.ancestors(node)) {
    if (isFunction(up) && up.type !== "ArrowFunctionExpression") {
      const holder = source.parentOf(up);
      return holder?.type === "MethodDefinition" && holder.static !== true
        ? source.parentOf(holder)
        : undefined;
    }
    if (up.type === "PropertyDefinition") return up.static === true ? undefined : source.parentOf(up);
  }
  return undefined;
}
