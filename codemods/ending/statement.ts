import type { Node } from "../../src/syntax/parse.js";
import { nameOf } from "../edit/source.js";
import { isFunctionNode, nodesIn, statementsOf } from "./page.js";

/** A closing statement that can go without taking anything else along. */
export interface Doomed {
  statement: Node;
  /** The program, block or case that holds it. */
  container: Node;
  siblings: Node[];
  /** It is all that this `finally` of the statement does: only that part goes. */
  finalizer: Node | undefined;
}

const LOGS = /^(log|info|debug|trace|warn|warning|error)$/;

/**
 * The statement that only closes: the call with its `await` or `void`, its chained log lines, and what is around it for
 * nothing else (a `try` that logs its failure, a function called on the spot).
 * @param path the nodes around the closing call, ending with it
 * @returns undefined when something else hangs on the call
 */
export function closingStatement(path: readonly Node[]): Doomed | undefined {
  let i = path.length - 1;
  for (;;) {
    const top = expressionTop(path, i);
    if (top === undefined) return undefined;
    const found = holding(path, top - 1);
    if (found === undefined || typeof found === "object") return found;
    i = found;
  }
}

/** Index of the whole expression of the statement, undefined when its value is used. */
function expressionTop(path: readonly Node[], from: number): number | undefined {
  let i = from;
  for (;;) {
    const node = path[i];
    const parent = path[i - 1];
    if (!node || !parent) return undefined;
    switch (parent.type) {
      case "ExpressionStatement":
        return i;
      case "ChainExpression":
      case "AwaitExpression":
        i--;
        continue;
      case "UnaryExpression":
        if (parent.operator !== "void") return undefined;
        i--;
        continue;
      case "LogicalExpression":
        if (parent.operator !== "&&" || parent.right !== node || !isRead(parent.left as Node))
          return undefined;
        i--;
        continue;
      case "MemberExpression": {
        const call = path[i - 2];
        const name = nameOf(parent.property as Node);
        if (parent.object !== node || call?.type !== "CallExpression" || call.callee !== parent)
          return undefined;
        if (name !== "then" && name !== "catch" && name !== "finally") return undefined;
        if (!(call.arguments as Node[]).every(onlyLogs)) return undefined;
        i -= 2;
        continue;
      }
      default:
        return undefined;
    }
  }
}

/**
 * What holds the statement at this index. A number is the index of a call that does nothing but run the statement.
 */
function holding(path: readonly Node[], index: number): Doomed | number | undefined {
  const statement = path[index];
  const container = path[index - 1];
  const siblings = statementsOf(container);
  if (!statement || !container || !siblings) return undefined;
  const doomed: Doomed = { statement, container, siblings, finalizer: undefined };
  if (siblings.length > 1 || container.type !== "BlockStatement") return doomed;
  const around = path[index - 2];
  if (around?.type === "TryStatement") {
    const outer = path[index - 3];
    const beside = statementsOf(outer);
    if (!outer || !beside) return undefined;
    if (around.finalizer === container)
      return { statement: around, container: outer, siblings: beside, finalizer: container };
    const handler = around.handler as Node | null;
    if (around.block !== container || around.finalizer || !handler || !logsAll(handler.body as Node))
      return undefined;
    return holding(path, index - 2);
  }
  if (!isFunctionNode(around)) return undefined;
  const call = path[index - 3];
  const immediate =
    call?.type === "CallExpression" && call.callee === around && (call.arguments as Node[]).length === 0;
  return immediate ? index - 3 : doomed;
}

/** A callback, or a reference to a logger, that does nothing but log. */
export function onlyLogs(node: Node): boolean {
  if (node.type === "MemberExpression") return LOGS.test(nameOf(node.property as Node) ?? "");
  if (!isFunctionNode(node)) return false;
  const body = node.body as Node;
  return body.type === "BlockStatement" ? logsAll(body) : isLogCall(body);
}

const logsAll = (block: Node): boolean =>
  (block.body as Node[]).every(
    (s) =>
      s.type === "EmptyStatement" || (s.type === "ExpressionStatement" && isLogCall(s.expression as Node)),
  );

function isLogCall(node: Node): boolean {
  if (node.type === "Identifier") return node.name === "undefined";
  if (node.type !== "CallExpression") return false;
  const callee = node.callee as Node;
  return (
    (node.arguments as Node[]).every(onlyReads) &&
    callee.type === "MemberExpression" &&
    LOGS.test(nameOf(callee.property as Node) ?? "")
  );
}

const ACTS = new Set([
  "AwaitExpression",
  "AssignmentExpression",
  "UpdateExpression",
  "CallExpression",
  "YieldExpression",
]);

/** What a log line is given may read and join, not act. */
const onlyReads = (node: Node): boolean =>
  [...nodesIn(node)].every((inner) => !ACTS.has(inner.type) && !isFunctionNode(inner));

/** A plain read of a name or a member: it has no effect of its own. */
const isRead = (node: Node): boolean =>
  node.type === "Identifier" ||
  node.type === "ThisExpression" ||
  (node.type === "MemberExpression" && !node.computed && isRead(node.object as Node));
