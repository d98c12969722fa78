import type { Edit } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import type { Node } from "../../../src/syntax/parse.js";
import { asyncEdits } from "../../edit/async.js";
import { calledName, child, isFunction, list, openSource, type Source } from "../../edit/source.js";
import { isResolved, nodeOf, promiseType, statementsOf } from "../../edit/methods.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Lets a method return the promise that is expected of it. To take one away needs another design. */
export const repairResultKind: ChainRepair = (broken, project) => {
  const { fn, names } = broken;
  const source = openSource(project, fn.module.file);
  const node = source && nodeOf(source, fn);
  if (!node) return undefined;
  const [fault, method = ""] = names;
  if (fault === "nothing") return nothing(source, node, method);
  return fault === "dropped" ? dropped(source, node, method, broken) : undefined;
};

/** An empty method returns a resolved promise, any other becomes async. */
function nothing(source: Source, node: Node, method: string): ReturnType<ChainRepair> {
  const body = child(node, "body");
  const title = `Return a promise from \`${method}\``;
  if (body?.type !== "BlockStatement" || statementsOf(node).length > 0) {
    const edits = asyncEdits(source, node);
    return edits && { level: "safe", title, edits };
  }
  const typed = promiseType(source, node);
  if (!typed) return undefined;
  const outer = source.indentAt(node.start);
  const text = `{\n${outer}${source.style.indent}return Promise.resolve()${source.style.semicolon}\n${outer}}`;
  return { level: "safe", title, edits: [...typed, source.replace(body.start, body.end, text)] };
}

/** The call that is dropped is waited for: returned where it is all that the method does, else awaited. */
function dropped(
  source: Source,
  node: Node,
  method: string,
  { parts: [call] = [] }: ChainBreak,
): ReturnType<ChainRepair> {
  const statement = call && statementOf(source, node, call.at[0]);
  if (!statement) return undefined;
  const title = `Wait for \`${method}\` of what is wrapped`;
  const each = eachOf(source, statement);
  if (each === null) return undefined;
  const expression = child(statement, "expression");
  const value = expression?.type === "UnaryExpression" ? child(expression, "argument") : expression;
  if (!value) return undefined;
  const text = each ?? source.textOf(value);
  const rest = statementsOf(node).slice(statementsOf(node).indexOf(statement) + 1);
  const isAll = source.parentOf(statement) === child(node, "body") && rest.every(isEmptyReturn);
  const edits: Edit[] = [];
  if (node.async !== true && isAll && each === undefined) {
    const typed = promiseType(source, node);
    if (!typed) return undefined;
    const end = rest.at(-1)?.end ?? statement.end;
    edits.push(...typed, source.replace(statement.start, end, `return ${text}${source.style.semicolon}`));
  } else {
    const typed = asyncEdits(source, node);
    if (!typed) return undefined;
    edits.push(
      ...typed,
      source.replace(statement.start, statement.end, `await ${text}${source.style.semicolon}`),
    );
  }
  return { level: "safe", title, edits };
}

/** The statement of a method in which something stands. */
function statementOf(source: Source, method: Node, offset: number): Node | undefined {
  let found: Node | undefined;
  for (const node of source.nodes()) {
    if (node.type !== "ExpressionStatement" || node.start > offset || node.end <= offset) continue;
    if (node.start < method.start || source.functionOf(node) !== method) continue;
    if (!found || node.start > found.start) found = node;
  }
  return found;
}

/** `list.forEach((x) => x.shutdown())` as a promise for all; undefined for another call, null where the callback returns nothing. */
function eachOf(source: Source, statement: Node): string | undefined | null {
  const call = child(statement, "expression");
  if (call?.type !== "CallExpression" || calledName(call) !== "forEach") return undefined;
  const [callback] = list(call, "arguments");
  const property = child(child(call, "callee"), "property");
  if (!callback || !property || !isFunction(callback)) return null;
  const isBlock = child(callback, "body")?.type === "BlockStatement";
  if (isBlock && callback.async !== true) return null;
  const before = source.text.slice(call.start, property.start);
  return `Promise.all(${before}map${source.text.slice(property.end, call.end)})`;
}

const isEmptyReturn = (node: Node): boolean => {
  const value = child(node, "argument");
  return node.type === "ReturnStatement" && (value === undefined || isResolved(value));
};
