import type { Repair } from "../../src/finding.js";
import type { Call } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, type Source } from "../edit/source.js";

/**
 * Waits for several calls side by side that were waited for one after the other.
 * @returns undefined where they are not awaited in statements that follow each other
 */
export function sideBySide(source: Source, calls: readonly Call[]): Repair | undefined {
  const statements = calls.map((call) => {
    const node = source.at(call.at, "CallExpression");
    const awaited = node && source.parentOf(node);
    const statement = awaited?.type === "AwaitExpression" ? source.parentOf(awaited) : undefined;
    return node && statement?.type === "ExpressionStatement" ? { node, statement } : undefined;
  });
  const [first] = statements;
  const last = statements.at(-1);
  if (!first || !last || statements.some((s) => s === undefined)) return undefined;
  const siblings = siblingsOf(source, first.statement);
  const from = siblings?.indexOf(first.statement) ?? -1;
  if (from < 0 || statements.some((s, i) => siblings?.[from + i] !== s?.statement)) return undefined;
  const inner = source.indentAt(first.statement.start) + source.style.indent;
  const lines = statements.map((s) => (s ? `${inner}${source.textOf(s.node)},\n` : ""));
  const text = `await Promise.all([\n${lines.join("")}${source.indentAt(first.statement.start)}])${source.style.semicolon}`;
  return {
    level: "review",
    title: "Wait for them side by side",
    edits: [source.replace(first.statement.start, last.statement.end, text)],
  };
}

function siblingsOf(source: Source, statement: Node): Node[] | undefined {
  const up = source.parentOf(statement);
  return up && (child(up, "body") ? undefined : list(up, "body"));
}
