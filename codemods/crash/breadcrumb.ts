import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, type Source } from "../edit/source.js";
import { awaiting, type Awaiting } from "../exit/awaiting.js";
import { siblingsOf } from "../exit/site.js";
import { innermostFn } from "../flush/names.js";
import { intoBlock } from "./body.js";
import { errorOfClause, errorParameter, type Named } from "./caught.js";
import type { Completed } from "./complete.js";
import { workOf } from "./entry.js";
import { openAt, type Scene } from "./scene.js";
import { tellForm } from "./speakers.js";
import { tellAt, type Told } from "./tell.js";

/** Captures the error beside the breadcrumb that was left of it; behind it, so that the report carries the breadcrumb. */
export function captureBeside(scene: Scene): Completed | undefined {
  const { details } = scene;
  const opened = openAt(scene, details.fn);
  const call = details.call && opened?.source.at(details.call.at, "CallExpression");
  if (!opened || !call) return undefined;
  const { source, module } = opened;
  const statement = [...source.ancestors(call)].find((n) => n.type === "ExpressionStatement");
  const block = statement && source.parentOf(statement);
  const siblings = statement && siblingsOf(source, statement);
  const error = statement && handlerAround(source, statement);
  if (!statement || !siblings || !error || block?.type !== "BlockStatement") return undefined;
  const spot = { source, module, node: statement, fn: innermostFn(module, statement.start) };
  const told = sibling(scene, source, call, error) ?? tellAt(scene, spot, error, workOf(undefined));
  const before = siblings[siblings.indexOf(statement) + 1];
  const put =
    told && told.statements.length > 0 && intoBlock(source, block, [{ before, statements: told.statements }]);
  const waits = told?.statements.some((s) => s.startsWith("await ")) === true;
  const ability = waits ? awaiting(scene.project, source, source.functionOf(statement)) : NOTHING;
  return put && ability
    ? { safe: false, edits: [...told.edits, ...error.edits, ...ability.edits, ...put] }
    : undefined;
}

const NOTHING: Awaiting = { edits: [], safe: true };

/** On the same thing that the breadcrumb is left with. */
function sibling(scene: Scene, source: Source, call: Node, { name }: Named): Told | undefined {
  const callee = child(call, "callee");
  const property = child(callee, "property");
  const form = tellForm(scene);
  if (callee?.type !== "MemberExpression" || !property || !form || form.member.includes("."))
    return undefined;
  const to = source.text.slice(callee.start, property.start) + form.member;
  return { statements: [`${to}(${form.args.replaceAll("%", () => name)})`], edits: [] };
}

/** The error of the `catch` around a statement. */
function handlerAround(source: Source, statement: Node): Named | undefined {
  for (const up of source.ancestors(statement)) {
    if (up.type === "CatchClause") return errorOfClause(source, up);
    if (!isFunction(up)) continue;
    const call = source.parentOf(up);
    return call && list(call, "arguments").includes(up) ? errorParameter(source, up, "any") : undefined;
  }
  return undefined;
}
