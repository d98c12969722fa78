import type { Edit, Repair } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { child, isFunction, list, openSource, type Source } from "../../edit/source.js";
import { siblingsOf } from "../../exit/site.js";
import type { ChainRepair } from "../../edit/repair.js";
import { freeName } from "../../edit/free-name.js";

/** Lets a wrapper return what the original gives. */
export const repairDroppedResult: ChainRepair = ({ fn, at, names, parts = [] }, project) => {
  const source = openSource(project, fn.module.file);
  const [call, through] = parts;
  if (!source || !call) return undefined;
  const [name = "", given] = names;
  if (given === undefined) return forgotten(source, at, fn.bodyAt, name);
  const statement = statementOf(source, source.at((through ?? call).at, "CallExpression"));
  if (!statement || givesNothing(source, statement)) return undefined;
  const returned = returnOf(source, statement);
  if (!through)
    return returned && { level: "safe", title: "Return the result of the original", edits: returned };
  const inner = innerReturn(source, source.at(call.at, "CallExpression"));
  return returned && inner
    ? { level: "review", title: "Return the result of the original", edits: [...returned, ...inner] }
    : undefined;
};

/** The result is kept in a variable: this path returns it as well. */
function forgotten(
  source: Source,
  at: readonly [number, number],
  body: readonly [number, number],
  name: string,
): Repair | undefined {
  const title = `Return \`${name}\` here as well`;
  const { semicolon } = source.style;
  const exit = source.at(at, "ReturnStatement");
  if (exit && givesNothing(source, exit)) return undefined;
  if (exit)
    return {
      level: "safe",
      title,
      edits: [source.replace(exit.start, exit.end, `return ${name}${semicolon}`)],
    };
  const last = list(source.at(body, "BlockStatement"), "body").at(-1);
  if (!last || givesNothing(source, last)) return undefined;
  const line = `\n${source.indentAt(last.start)}return ${name}${semicolon}`;
  return { level: "safe", title, edits: [source.insert(last.end, line)] };
}

/** The statement that a call makes up, with or without `await`. */
function statementOf(source: Source, call: Node | undefined): Node | undefined {
  if (!call) return undefined;
  for (const up of source.ancestors(call)) {
    if (up.type === "ExpressionStatement") return up;
    if (up.type !== "AwaitExpression" && up.type !== "ChainExpression") return undefined;
  }
  return undefined;
}

/** The function around says that it returns nothing. */
function givesNothing(source: Source, statement: Node): boolean {
  const annotation = child(child(source.functionOf(statement), "returnType"), "typeAnnotation");
  return annotation !== undefined && /\bvoid\b/.test(source.textOf(annotation));
}

/** `return` before a statement that is the last to run, else a variable that is returned at the end of its block. */
function returnOf(source: Source, statement: Node): Edit[] | undefined {
  const block = siblingsOf(source, statement);
  const after = block?.slice(block.indexOf(statement) + 1) ?? [];
  const [next] = after;
  if (next?.type === "ReturnStatement" && child(next, "argument") === undefined)
    return [source.insert(statement.start, "return "), source.replace(statement.end, next.end, "")];
  if (!isLast(source, block?.at(-1) ?? statement)) return undefined;
  if (!next) return [source.insert(statement.start, "return ")];
  if (after.some((s) => holdsReturn(s))) return undefined;
  const last = after.at(-1) ?? statement;
  const fn = source.functionOf(statement);
  const name = freeName(fn ? source.textOf(fn) : "", "result", "returned");
  const end = `\n${source.indentAt(last.start)}return ${name}${source.style.semicolon}`;
  return name === undefined
    ? undefined
    : [source.insert(statement.start, `${keyword(source)} ${name} = `), source.insert(last.end, end)];
}

const keyword = ({ text }: Source): string =>
  /\b(?:const|let)\s/.test(text) || !/\bvar\s/.test(text) ? "const" : "var";

/** Nothing of the function runs behind a statement but `finally`. */
function isLast(source: Source, statement: Node): boolean {
  let at = statement;
  for (const up of source.ancestors(statement)) {
    if (isFunction(up)) return true;
    if (up.type === "BlockStatement" && list(up, "body").at(-1) !== at) return false;
    if (!["BlockStatement", "IfStatement", "TryStatement", "CatchClause"].includes(up.type)) return false;
    if (up.type === "TryStatement" && child(up, "finalizer") === at) return false;
    at = up;
  }
  return false;
}

function holdsReturn(node: Node): boolean {
  if (node.type === "ReturnStatement") return true;
  if (isFunction(node)) return false;
  return Object.values(node).some((value) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).some(
      (part) => typeof part === "object" && part !== null && "type" in part && holdsReturn(part as Node),
    ),
  );
}

/** The callback that calls the original hands its result on: it does already, or `return` goes before the call. */
function innerReturn(source: Source, call: Node | undefined): Edit[] | undefined {
  if (!call) return undefined;
  const statement = statementOf(source, call);
  if (statement) return isLast(source, statement) ? [source.insert(statement.start, "return ")] : undefined;
  const [up] = source.ancestors(call);
  return up?.type === "ReturnStatement" || up?.type === "ArrowFunctionExpression" ? [] : undefined;
}
