import type { Node } from "../../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, type Source } from "../../edit/source.js";
import { lastThrow, nodesIn, ownNodesIn, returnsIn } from "../../edit/bodies.js";

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
  /** Texts, with their comments: in the `try` before the call, what is done with the value, with a failure, and in the end. */
  before: string;
  after: string;
  handled: string;
  finalized: string;
  /** The variable that holds the value, what the failure is called where something is done with it, and what is returned. */
  value: Node;
  failed: string;
  returned: Node;
  /** How deep the texts stand. */
  depth: string;
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
  const attempt = source.parentOf(block);
  const isAlone = attempt !== undefined && isFunction(attempt);
  const found = {
    before: isAlone ? "" : source.text.slice(block.start + 1, declaration.start).trim(),
    after: source.text.slice(declaration.end, last.start).trim(),
    value,
    returned,
    depth: source.indentAt(declaration.start),
  };
  if (isAlone) return { start: declaration, end: last.end, ...found, handled: "", finalized: "", failed: "" };
  return attempt?.type === "TryStatement" && child(attempt, "block") === block
    ? ofAttempt(source, attempt, statements.slice(0, index), found)
    : undefined;
}

function ofAttempt(
  source: Source,
  attempt: Node,
  before: Node[],
  found: Pick<Scene, "before" | "after" | "value" | "returned" | "depth">,
): Scene | undefined {
  const handler = child(attempt, "handler");
  const finalizer = child(attempt, "finalizer");
  const block = source.parentOf(attempt);
  const holder = block && source.parentOf(block);
  const isLast = list(block, "body").at(-1) === attempt && holder !== undefined && isFunction(holder);
  const thrown = handler && lastThrow(handler);
  const body = child(handler, "body");
  const throwsOn = !handler || (thrown !== undefined && returnsIn(body).length === 0);
  if (!isLast || !throwsOn || (finalizer && leaves(finalizer)) || before.some(leaves)) return undefined;
  const handled = thrown && body ? source.text.slice(body.start + 1, thrown.start).trim() : "";
  const param = child(handler, "param");
  return {
    start: attempt,
    end: attempt.end,
    ...found,
    handled,
    finalized: finalizer ? source.text.slice(finalizer.start + 1, finalizer.end - 1).trim() : "",
    failed: handled !== "" && param ? source.textOf(param) : "",
  };
}

const leaves = (statement: Node): boolean =>
  ownNodesIn(statement).some((n) => n.type === "ReturnStatement" || n.type === "ThrowStatement");

const isWritten = (statements: Node[], value: Node): boolean =>
  statements
    .flatMap(nodesIn)
    .some((n) => n.type === "AssignmentExpression" && nameOf(child(n, "left")) === nameOf(value));
