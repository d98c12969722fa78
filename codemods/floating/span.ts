import type { Edit, Repair } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { removed } from "../exit/chain.js";
import { siblingsOf } from "../exit/site.js";
import { patternNames } from "../../src/syntax/scope.js";
import { mentions } from "./names.js";

/**
 * Moves a flush behind the end of the span that it should send: below its `end()`, or below the call whose callback is the span.
 * @returns undefined where the flush needs what only the callback knows, or nothing waits for the span
 */
export function behindSpan(source: Source, flush: Node): Repair | undefined {
  const statement = [...source.ancestors(flush)].find((n) => n.type === "ExpressionStatement");
  const callback = statement && spanAround(source, statement);
  if (!statement || !callback || !siblingsOf(source, statement)) return undefined;
  const edits = belowEnd(source, statement, callback) ?? belowSpan(source, statement, callback);
  return edits && { level: "review", title: "Flush once the span has ended", edits };
}

/** The callback that runs inside a span. */
function spanAround(source: Source, node: Node): Node | undefined {
  for (const up of source.ancestors(node)) {
    const holder = isFunction(up) ? source.parentOf(up) : undefined;
    if (holder?.type === "CallExpression" && SPANS.test(calledName(holder) ?? "")) return up;
  }
  return undefined;
}

const SPANS = /^(startSpan|startActiveSpan|startSpanManual|trace|observe)$/;

/** `span.end()` stands further down among the same statements. */
function belowEnd(source: Source, statement: Node, callback: Node): Edit[] | undefined {
  const names = (callback.params as Node[]).flatMap((p) => patternNames(p).map((n) => n.name as string));
  const siblings = siblingsOf(source, statement) ?? [];
  const end = siblings.slice(siblings.indexOf(statement) + 1).find((s) => {
    const call = child(s, "expression");
    const object = child(child(call, "callee"), "object");
    return (
      call?.type === "CallExpression" && calledName(call) === "end" && names.includes(nameOf(object) ?? "")
    );
  });
  return end && [removed(source, statement), source.insert(end.end, `\n${moved(source, statement, end)}`)];
}

/** The flush is the last thing of the callback, or all of the `finally` that is: it goes below the call that waits for that. */
function belowSpan(source: Source, statement: Node, callback: Node): Edit[] | undefined {
  const call = source.parentOf(callback);
  const body = child(callback, "body");
  const attempt = finallyOf(source, statement);
  const statements = list(body, "body");
  if (!call || statements.at(-1) !== (attempt ?? statement)) return undefined;
  if (!attempt && (source.parentOf(statement) !== body || statements.length < 2)) return undefined;
  const own = [
    ...(callback.params as Node[]).flatMap((p) => patternNames(p)),
    ...statements.flatMap((s) => list(s, "declarations").flatMap((d) => patternNames(child(d, "id")))),
  ].map((n) => n.name as string);
  if (own.some((name) => mentions(source.textOf(statement), name))) return undefined;
  const awaited = source.parentOf(call);
  const outer = awaited && source.parentOf(awaited);
  if (awaited?.type !== "AwaitExpression" || outer?.type !== "ExpressionStatement") return undefined;
  if (!siblingsOf(source, outer)) return undefined;
  const below = source.insert(outer.end, `\n${moved(source, statement, outer)}`);
  if (!attempt) return [removed(source, statement), below];
  const handler = child(attempt, "handler");
  // what is thrown on would pass the flush by
  if (!handler || /\bthrow\b/.test(source.textOf(handler))) return undefined;
  return [source.replace(handler.end, attempt.end, ""), below];
}

/** The `try` whose `finally` does nothing but this. */
function finallyOf(source: Source, statement: Node): Node | undefined {
  const block = source.parentOf(statement);
  const attempt = block && source.parentOf(block);
  return attempt?.type === "TryStatement" &&
    child(attempt, "finalizer") === block &&
    list(block, "body").length === 1
    ? attempt
    : undefined;
}

const moved = (source: Source, statement: Node, below: Node): string =>
  source.indentAt(below.start) + source.textOf(statement);
