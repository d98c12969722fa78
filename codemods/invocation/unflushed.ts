import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { ownNodesIn } from "../edit/bodies.js";
import { nodeOf } from "../edit/methods.js";
import type { ChainRepair } from "../edit/repair.js";
import { child, isFunction, list, openSource, type Source } from "../edit/source.js";
import { reindented } from "../edit/insert.js";
import { siblingsOf } from "../exit/site.js";
import { flushingAt } from "./flushing.js";

/** Flushes below what is captured; in a `finally` where the function leaves from there, or captures in several places. */
export const repairUnflushed: ChainRepair = (broken, project) => {
  const { fn, parts = [] } = broken;
  const source = openSource(project, fn.module.file);
  const node = source && nodeOf(source, fn);
  const body = child(node, "body");
  if (!source || !node || body?.type !== "BlockStatement") return undefined;
  const at = parts.map((p) => p.at);
  const last = lastStatement(source, body, at);
  if (!last) return undefined;
  const flushing = flushingAt(broken, source, last, node.async === true, project);
  if (!flushing) return undefined;
  const edits = leavesWithin(last)
    ? inFinally(source, body, flushing.statement)
    : [below(source, last, flushing.statement)];
  if (!edits) return undefined;
  return {
    level: flushing.behind && !leavesWithin(last) ? "safe" : "review",
    title: flushing.behind
      ? "Have the platform wait for the flush"
      : "Flush before the function has answered",
    edits: [...flushing.edits, ...edits],
  };
};

/** The last of the statements, in the innermost block that holds all of these places, in which one of them stands. */
function lastStatement(
  source: Source,
  body: Node,
  at: readonly (readonly [number, number])[],
): Node | undefined {
  const holds = (n: Node, [start, end]: readonly [number, number]): boolean =>
    n.start <= start && end <= n.end;
  const blocks = ownNodesIn(body).filter((n) => n.type === "BlockStatement" && at.every((a) => holds(n, a)));
  const block = blocks.sort((a, b) => a.end - a.start - (b.end - b.start))[0];
  return list(block, "body").findLast((s) => at.some((a) => holds(s, a)));
}

/** What follows the statement may not be reached. */
const leavesWithin = (statement: Node): boolean =>
  nodesOf(statement).some((n) => n.type === "ReturnStatement" || n.type === "ThrowStatement");

/** The nodes of a statement; of functions in it those that throw for it. */
function nodesOf(statement: Node): Node[] {
  return ownNodesIn(statement).flatMap((n) =>
    isFunction(n) ? ownNodesIn(child(n, "body")).filter((m) => m.type === "ThrowStatement") : [n],
  );
}

function below(source: Source, statement: Node, text: string): Edit {
  const { semicolon } = source.style;
  if (!siblingsOf(source, statement) || !source.isFirstOnLine(statement.start))
    return source.insert(statement.end, ` ${text}${semicolon}`);
  return source.insert(statement.end, `\n${source.indentAt(statement.start)}${text}${semicolon}`);
}

/** The body goes into a `try`, or the one `try` that it is gets a `finally`. */
export function inFinally(source: Source, body: Node, text: string): Edit[] | undefined {
  const { indent, semicolon } = source.style;
  const statements = list(body, "body");
  const [first] = statements;
  const last = statements.at(-1);
  if (!first || !last) return undefined;
  const outer = source.indentAt(first.start);
  const finalizer = ` finally {\n${outer}${indent}${text}${semicolon}\n${outer}}`;
  if (last.type === "TryStatement" && !child(last, "finalizer")) return [source.insert(last.end, finalizer)];
  if (!source.isFirstOnLine(first.start)) return undefined;
  const old = source.text.slice(first.start, last.end);
  // lines of a template or a comment must stay as they are
  if (/`[^`]*\n/.test(old)) return undefined;
  const inner = reindented(old, outer, outer + indent);
  return [source.replace(first.start, last.end, `try {\n${outer}${indent}${inner}\n${outer}}${finalizer}`)];
}
