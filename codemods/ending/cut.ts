import { linesOf, rangeToCut, type Lines } from "./lines.js";
import { indentAt, nodesIn, statementsOf, type Source } from "./source.js";
import { nameOf, type Doomed } from "./statement.js";
import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";

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
export function cut(source: Source, doomed: Doomed): Cut | undefined {
  const lines = linesOf(source, doomed.statement, doomed.siblings);
  const { file, text } = source;
  if (doomed.finalizer) {
    const kept = withoutFinally(source, doomed);
    if (kept === undefined || !lines) return undefined;
    const { start, end } = doomed.statement;
    return { doomed, lines, kept, edit: { file, start, end, text: kept } };
  }
  if (lines) return { doomed, lines, kept: "", edit: { file, ...rangeToCut(text, lines), text: "" } };
  const { start, end } = doomed.statement;
  if (/\n/.test(text.slice(start, end))) return undefined;
  const before = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { doomed, lines, kept: "", edit: { file, start: start - before, end, text: "" } };
}

/** A `try` statement without its `finally`; where that leaves a bare block, its body. */
function withoutFinally(source: Source, { statement, siblings }: Doomed): string | undefined {
  const { text } = source;
  const handler = statement.handler as Node | null;
  if (handler) return text.slice(statement.start, handler.end);
  const block = statement.block as Node;
  const body = block.body as Node[];
  const first = body[0];
  if (!first || namesClash(body, siblings)) return undefined;
  for (const node of nodesIn(block)) if (node.type === "TemplateElement" && text.slice(node.start, node.end).includes("\n")) return undefined;
  const inner = text.slice(block.start + 1, block.end - 1).replace(/^[ \t]*\r?\n/, "").trimEnd();
  const outer = indentAt(text, statement.start);
  const deeper = indentAt(text, first.start);
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

/** The block that holds a position, and the statement of it; innermost first. */
export function blocksAround(path: readonly Node[]): { block: Node; statement: Node }[] {
  return path.flatMap((block, i) => {
    const statement = path[i + 1];
    return statement && statementsOf(block)?.includes(statement) ? [{ block, statement }] : [];
  }).reverse();
}
