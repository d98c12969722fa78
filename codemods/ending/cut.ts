import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { nameOf } from "../edit/source.js";
import { linesOf, rangeToCut, type Lines } from "./lines.js";
import { nodesIn, type Page } from "./page.js";
import type { Doomed } from "./statement.js";

/** How a closing statement leaves its file. */
export interface Cut {
  doomed: Doomed;
  /** Where it stood; undefined when it shares its line with other code. */
  lines: Lines | undefined;
  /** What stays of the statement: the body of a `try` whose `finally` only closed. Empty when all of it goes. */
  kept: string;
  /** The edit that takes it out. */
  edit: Edit;
}

/** Takes a closing statement out of its file; undefined when what is around it would have to be rewritten. */
export function cut(page: Page, doomed: Doomed): Cut | undefined {
  const lines = linesOf(page, doomed.statement, doomed.siblings);
  const { text } = page;
  if (doomed.finalizer) {
    const kept = withoutFinally(page, doomed);
    if (kept === undefined || !lines) return undefined;
    const { start, end } = doomed.statement;
    return { doomed, lines, kept, edit: page.replace(start, end, kept) };
  }
  if (lines) {
    const range = rangeToCut(page, lines);
    return { doomed, lines, kept: "", edit: page.replace(range.start, range.end, "") };
  }
  const { start, end } = doomed.statement;
  if (/\n/.test(text.slice(start, end))) return undefined;
  const before = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { doomed, lines, kept: "", edit: page.replace(start - before, end, "") };
}

/** A `try` statement without its `finally`; where that leaves a bare block, its body. */
function withoutFinally(page: Page, { statement, siblings }: Doomed): string | undefined {
  const { text } = page;
  const handler = statement.handler as Node | null;
  if (handler) return text.slice(statement.start, handler.end);
  const block = statement.block as Node;
  const body = block.body as Node[];
  const first = body[0];
  if (!first || namesClash(body, siblings)) return undefined;
  for (const node of nodesIn(block))
    if (node.type === "TemplateElement" && text.slice(node.start, node.end).includes("\n")) return undefined;
  const inner = text
    .slice(block.start + 1, block.end - 1)
    .replace(/^[ \t]*\r?\n/, "")
    .trimEnd();
  const outer = page.indentAt(statement.start);
  const deeper = page.indentAt(first.start);
  if (!deeper.startsWith(outer) || deeper === outer) return undefined;
  return inner
    .split("\n")
    .map((line) => (line.startsWith(deeper) ? outer + line.slice(deeper.length) : line))
    .join("\n")
    .slice(outer.length);
}

/** Whether a name declared in a block is also declared beside it. */
function namesClash(body: readonly Node[], siblings: readonly Node[]): boolean {
  const outside = new Set(siblings.flatMap(declared));
  return body.flatMap(declared).some((name) => outside.has(name));
}

function declared(statement: Node): string[] {
  if (statement.type === "VariableDeclaration") {
    const names = (statement.declarations as Node[]).flatMap((d) => [...nodesIn(d.id as Node)]);
    return names.flatMap((n) => nameOf(n) ?? []);
  }
  const id = statement.id as Node | null | undefined;
  return id ? [nameOf(id) ?? ""] : [];
}
