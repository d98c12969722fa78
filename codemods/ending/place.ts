import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { blocksAround, type Cut } from "./cut.js";
import { isBlank, linesOf, nextLine } from "./lines.js";
import { indentAt, isFunction, pathTo, statementsOf, type Source } from "./source.js";

/** Where an ending goes: a block, behind one of its statements. */
export interface Spot {
  block: Node;
  /** The function, or undefined for the program itself, whose body the block is; `nested` when it is neither. */
  owner: "program" | "function" | "nested";
  behind: Node;
}

/**
 * The spot in a block behind the last statement that holds one of the positions.
 * @param block undefined for the program itself
 */
export function spotBehind(source: Source, block: Node, positions: readonly number[]): Spot | undefined {
  const behind = statementsOf(block)?.findLast((s) => positions.some((p) => s.start <= p && p < s.end));
  if (!behind) return undefined;
  const around = pathTo(source.program, [block.start, block.end]);
  const parent = around[around.indexOf(block) - 1];
  return { block, behind, owner: block.type === "Program" ? "program" : isFunction(parent) ? "function" : "nested" };
}

/** The innermost block around a position. */
export function blockOf(source: Source, at: readonly [number, number]): Node | undefined {
  return blocksAround(pathTo(source.program, at))[0]?.block;
}

/**
 * The edits that take the closing statement out and put an ending behind a spot.
 * @param write gives the ending's text for an indentation
 * @returns undefined when the lines there are shared with other code
 */
export function putBehind(source: Source, cut: Cut, spot: Spot, write: (indent: string) => string): Edit[] | undefined {
  const { file, text } = source;
  const siblings = statementsOf(spot.block) ?? [];
  if (spot.behind === cut.doomed.statement) {
    const { lines, kept } = cut;
    if (!lines) return undefined;
    const ending = write(lines.indent);
    const after = lines.last || lines.blankAfter ? "" : "\n";
    if (kept !== "") return [{ file, start: cut.edit.start, end: lines.end, text: `${kept}\n\n${ending}${after}` }];
    const before = lines.first || lines.blankBefore ? "" : "\n";
    return [{ file, start: lines.start, end: lines.end, text: `${before}${ending}${after}` }];
  }
  const lines = linesOf(source, spot.behind, siblings);
  if (!lines) return undefined;
  const ending = write(indentAt(text, spot.behind.start));
  const after = lines.last || isBlank(text, nextLine(text, lines.end)) ? "" : "\n";
  return [cut.edit, { file, start: lines.end, end: lines.end, text: `\n\n${ending}${after}` }];
}
