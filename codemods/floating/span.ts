import type { Edit, Repair } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { reindented } from "../edit/insert.js";
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

/**
 * The flush is the last thing of the callback but for a value, or all of the `finally` that is: it goes below the call that
 * waits for that, in a `finally` of its own where a failure or a value would pass it by.
 */
function belowSpan(source: Source, statement: Node, callback: Node): Edit[] | undefined {
  const call = source.parentOf(callback);
  const body = child(callback, "body");
  const attempt = finallyOf(source, statement);
  const statements = list(body, "body");
  const behind = statements.slice(statements.indexOf(attempt ?? statement) + 1);
  if (
    !call ||
    source.parentOf(attempt ?? statement) !== body ||
    statements.length - behind.length < (attempt ? 1 : 2)
  )
    return undefined;
  const own = [
    ...(callback.params as Node[]).flatMap((p) => patternNames(p)),
    ...statements.flatMap((s) => list(s, "declarations").flatMap((d) => patternNames(child(d, "id")))),
  ].map((n) => n.name as string);
  if (own.some((name) => mentions(source.textOf(statement), name))) return undefined;
  const awaited = source.parentOf(call);
  const outer = awaited?.type === "AwaitExpression" ? source.parentOf(awaited) : awaited;
  if (!outer || !siblingsOf(source, outer)) return undefined;
  const gone = attempt ? withoutFinally(source, attempt) : removed(source, statement);
  const handler = child(attempt, "handler");
  const isPlain = !attempt || (handler !== undefined && !/\bthrow\b/.test(source.textOf(handler)));
  if (outer.type === "ExpressionStatement" && awaited !== outer && behind.length === 0 && isPlain)
    return [gone, source.insert(outer.end, `\n${moved(source, statement, outer)}`)];
  if (behind.length > 1 || (behind[0] && behind[0].type !== "ReturnStatement")) return undefined;
  return inFinally(source, statement, gone, outer);
}

/** `try { <the span> } finally { <the flush> }` around the statement that waits for the span. */
function inFinally(source: Source, statement: Node, gone: Edit, outer: Node): Edit[] | undefined {
  const argument = child(outer, "argument") ?? child(outer, "expression");
  const isAwaited = argument?.type === "AwaitExpression";
  const waits = outer.type === "ReturnStatement" ? source.functionOf(outer)?.async === true : isAwaited;
  const hasLines = [...source.nodes()].some(
    (n) =>
      n.type === "TemplateElement" &&
      outer.start <= n.start &&
      n.end <= outer.end &&
      source.textOf(n).includes("\n"),
  );
  if (!argument || !waits || hasLines) return undefined;
  const lead = isAwaited ? "" : "await ";
  const text =
    source.text.slice(outer.start, argument.start) +
    lead +
    source.text.slice(argument.start, gone.start) +
    gone.text +
    source.text.slice(gone.end, outer.end);
  const indent = source.indentAt(outer.start);
  const inner = indent + source.style.indent;
  const lines = [
    "try {",
    `${inner}${reindented(text, indent, inner)}`,
    `${indent}} finally {`,
    `${inner}${source.textOf(statement)}`,
    `${indent}}`,
  ];
  return [source.replace(outer.start, outer.end, lines.join("\n"))];
}

/** Takes a `finally` away, and its `try` as well where nothing else is left of that. */
function withoutFinally(source: Source, attempt: Node): Edit {
  const handler = child(attempt, "handler");
  const block = child(attempt, "block");
  if (handler) return source.replace(handler.end, attempt.end, "");
  const statements = list(block, "body");
  const start = statements[0]?.start ?? attempt.start;
  const text = source.text.slice(start, statements.at(-1)?.end ?? start);
  return source.replace(
    attempt.start,
    attempt.end,
    reindented(text, source.indentAt(start), source.indentAt(attempt.start)),
  );
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
