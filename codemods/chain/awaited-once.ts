import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { lastThrow, nodesIn, ownNodesIn, returnsIn } from "./bodies.js";

/** The one call that an async wrapper waits for. */
export interface Awaited {
  wrapper: Node;
  /** The function that waits: the wrapper, or the callback of a call that it returns. */
  inner: Node;
  wait: Node;
  asked: Node;
}

/** Undefined for a wrapper that waits more than once, or for something else than a call. */
export function awaitedOnce(source: Source, wrapper: Node): Awaited | undefined {
  const waits = nodesIn(wrapper).filter(
    (n) => n.type === "AwaitExpression" || (n.type === "ForOfStatement" && n.await === true),
  );
  const [wait] = waits;
  const asked = child(wait, "argument");
  const inner = wait && source.functionOf(wait);
  if (!inner || waits.length !== 1 || asked?.type !== "CallExpression") return undefined;
  if (inner !== wrapper && !isReturnedBy(source, inner, wrapper)) return undefined;
  const others = nodesIn(child(wrapper, "body")).some(
    (n) => isFunction(n) && n.async === true && n !== inner,
  );
  return others ? undefined : { wrapper, inner, wait, asked };
}

/** The callback of a call that the wrapper returns: `return tracer.startActiveSpan("chat", async (span) => { ... })`. */
function isReturnedBy(source: Source, inner: Node, wrapper: Node): boolean {
  const call = source.parentOf(inner);
  const holder = call && source.parentOf(call);
  return (
    call?.type === "CallExpression" &&
    (holder?.type === "ReturnStatement" || child(wrapper, "body") === call) &&
    source.functionOf(call) === wrapper
  );
}

/** What a wrapper does around the call that it waits for. */
export interface Scene {
  /** What is written anew: the `try`, or the statement that waits, with all behind it. */
  start: Node;
  end: number;
  /** In the `try`, before the call. */
  before: Node[];
  /** What is done with the value, the variable that holds it, and what is returned in the end. */
  after: Node[];
  value: Node;
  returned: Node;
  handler: Node | undefined;
  finalizer: Node | undefined;
}

/**
 * The statement that waits is `const value = await ...`, and nothing leaves before the last one, which returns.
 * @param mayChange whether another value than that one may be returned
 */
export function sceneOf(source: Source, { wait }: Awaited, mayChange: boolean): Scene | undefined {
  const declarator = source.parentOf(wait);
  const declaration = declarator && source.parentOf(declarator);
  const block = declaration && source.parentOf(declaration);
  const value = child(declarator, "id");
  if (!declaration || declarator?.type !== "VariableDeclarator" || block?.type !== "BlockStatement")
    return undefined;
  const statements = list(block, "body");
  const index = statements.indexOf(declaration);
  const after = statements.slice(index + 1, -1);
  const last = statements.at(-1);
  const returned = last?.type === "ReturnStatement" ? child(last, "argument") : undefined;
  if (value?.type !== "Identifier" || !last || !returned || after.some(leaves)) return undefined;
  if (!mayChange && (nameOf(returned) !== nameOf(value) || isWritten(after, value))) return undefined;
  const found = { after, value, returned };
  const attempt = source.parentOf(block);
  if (attempt && isFunction(attempt))
    return {
      start: declaration,
      end: last.end,
      before: [],
      ...found,
      handler: undefined,
      finalizer: undefined,
    };
  return attempt?.type === "TryStatement" && child(attempt, "block") === block
    ? ofAttempt(source, attempt, { before: statements.slice(0, index), ...found })
    : undefined;
}

function ofAttempt(
  source: Source,
  attempt: Node,
  found: Pick<Scene, "before" | "after" | "value" | "returned">,
): Scene | undefined {
  const handler = child(attempt, "handler");
  const finalizer = child(attempt, "finalizer");
  const block = source.parentOf(attempt);
  const holder = block && source.parentOf(block);
  const isLast = list(block, "body").at(-1) === attempt && holder !== undefined && isFunction(holder);
  const throwsOn = !handler || (lastThrow(handler) && returnsIn(child(handler, "body")).length === 0);
  if (!isLast || !throwsOn || (finalizer && leaves(finalizer)) || found.before.some(leaves)) return undefined;
  return { start: attempt, end: attempt.end, ...found, handler, finalizer };
}

const leaves = (statement: Node): boolean =>
  ownNodesIn(statement).some((n) => n.type === "ReturnStatement" || n.type === "ThrowStatement");

const isWritten = (statements: Node[], value: Node): boolean =>
  statements
    .flatMap(nodesIn)
    .some((n) => n.type === "AssignmentExpression" && nameOf(child(n, "left")) === nameOf(value));
