import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Cut } from "./cut.js";
import { linesOf } from "./lines.js";
import { isFunctionNode, statementsOf, type Page } from "./page.js";

/** Where an ending goes: a block, behind one of its statements. */
export interface Spot {
  block: Node;
  /** The function, or undefined for the program itself, whose body the block is; `nested` when it is neither. */
  owner: "program" | "function" | "nested";
  behind: Node;
}

const LEAVES = /^(Return|Throw|Break|Continue)Statement$/;

/**
 * The spot in a block behind the last statement that holds one of the positions.
 * @param block undefined for the program itself
 */
export function spotBehind(page: Page, block: Node, positions: readonly number[]): Spot | undefined {
  const behind = statementsOf(block)?.findLast((s) => positions.some((p) => s.start <= p && p < s.end));
  if (!behind || LEAVES.test(behind.type)) return undefined;
  return {
    block,
    behind,
    owner:
      block.type === "Program" ? "program" : isFunctionNode(page.parentOf(block)) ? "function" : "nested",
  };
}

/** The innermost block around a position. */
export function blockOf(page: Page, at: readonly [number, number]): Node | undefined {
  return page.pathTo(page.around(at)).findLast((node) => statementsOf(node));
}

/**
 * The edits that take the closing statement out and put an ending behind a spot.
 * @param write gives the ending's text for an indentation
 * @returns undefined when the lines there are shared with other code
 */
export function putBehind(
  page: Page,
  cut: Cut,
  spot: Spot,
  write: (indent: string) => string,
): Edit[] | undefined {
  const siblings = statementsOf(spot.block) ?? [];
  if (spot.behind === cut.doomed.statement) {
    const { lines, kept } = cut;
    if (!lines) return undefined;
    const ending = write(lines.indent);
    const after = lines.last || lines.blankAfter ? "" : "\n";
    const left = statementsOf(cut.doomed.statement.block as Node | undefined)?.at(-1);
    if (left && LEAVES.test(left.type)) return undefined;
    if (kept !== "") return [page.replace(cut.edit.start, lines.end, `${kept}\n\n${ending}${after}`)];
    const before = lines.first || lines.blankBefore ? "" : "\n";
    return [page.replace(lines.start, lines.end, `${before}${ending}${after}`)];
  }
  const lines = linesOf(page, spot.behind, siblings);
  if (!lines) return undefined;
  const ending = write(page.indentAt(spot.behind.start));
  const after = lines.last || page.isBlank(page.nextLine(lines.end)) ? "" : "\n";
  return [cut.edit, page.insert(lines.end, `\n\n${ending}${after}`)];
}
