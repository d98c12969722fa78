import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, openSource, type Source } from "../../edit/source.js";
import { freeName } from "../../edit/free-name.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Hands all arguments to the original. */
export const repairLostArguments: ChainRepair = ({ fn, link, names: [kind], parts = [] }, project) => {
  const source = openSource(project, fn.module.file);
  const [call, last] = parts;
  const node = call && source?.at(call.at, "CallExpression");
  if (!source || !node || !last) return undefined;
  const edits =
    kind === "one"
      ? spread(source, node, last.at)
      : kind === "fewer" && link
        ? withRest(source, node, link.fn.at, last.at)
        : undefined;
  return edits && { level: "review", title: "Hand on all arguments", edits };
};

/** `original.call(this, args)` becomes `original.apply(this, args)`, `original(args)` becomes `original(...args)`. */
function spread(source: Source, call: Node, [start]: readonly [number, number]): Edit[] | undefined {
  const callee = child(call, "callee");
  const property = callee?.type === "MemberExpression" ? child(callee, "property") : undefined;
  if (property && nameOf(property) === "call") return [source.replace(property.start, property.end, "apply")];
  return callee?.type === "Identifier" ? [source.insert(start, "...")] : undefined;
}

/** The wrapper takes what is left, and hands it on behind the rest. */
function withRest(
  source: Source,
  call: Node,
  wrapper: readonly [number, number],
  [, end]: readonly [number, number],
): Edit[] | undefined {
  const fn = source.at(wrapper, "ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration");
  const last = list(fn, "params").at(-1);
  if (!fn || !last || source.functionOf(call) !== fn || isOverridden(source, fn)) return undefined;
  const name = freeName(source.textOf(fn), "rest", "others");
  if (name === undefined) return undefined;
  const open = source.text.slice(fn.start, last.start).includes("(");
  const parameters = open
    ? [source.insert(last.end, `, ...${name}`)]
    : [source.replace(last.start, last.end, `(${source.textOf(last)}, ...${name})`)];
  return [...parameters, source.insert(end, `, ...${name}`)];
}

/** The types of the parameters are not told by where the function is put. */
function isOverridden(source: Source, fn: Node): boolean {
  if (!source.isTypeScript) return false;
  const parent = source.parentOf(fn);
  return !parent || isFunction(parent) || parent.type !== "AssignmentExpression";
}
