import { prevailingLineEnd } from "../../src/line-ends.js";
import type { Source } from "./source.js";

/** How a file is written, so that what is added looks the same. */
export interface Style {
  /** `;`, or nothing where the file does without. */
  semicolon: ";" | "";
  quote: '"' | "'";
  /** One level of indentation. */
  indent: string;
  /** The file writes arrow functions, or no functions as values at all. */
  arrows: boolean;
  /** `{ a }` instead of `{a}`. */
  spaced: boolean;
}

const ENDS_WITH_SEMICOLON = new Set([
  "ExpressionStatement",
  "ReturnStatement",
  "VariableDeclaration",
  "ImportDeclaration",
  "ThrowStatement",
]);

export function styleOf(source: Source): Style {
  let withSemicolon = 0;
  let without = 0;
  let single = 0;
  let double = 0;
  let arrows = 0;
  let functions = 0;
  let spaced = 0;
  let tight = 0;
  for (const node of source.nodes()) {
    if (ENDS_WITH_SEMICOLON.has(node.type)) {
      const end = source.text[node.end - 1];
      if (end === ";") withSemicolon++;
      else without++;
    } else if (node.type === "Literal" && typeof node.value === "string") {
      const first = source.text[node.start];
      if (first === "'") single++;
      else if (first === '"') double++;
    } else if (node.type === "ArrowFunctionExpression") arrows++;
    else if (node.type === "FunctionExpression") functions++;
    else if (node.type === "ObjectPattern" || node.type === "ObjectExpression") {
      const first = source.text[node.start + 1];
      if (first === " ") spaced++;
      else if (first !== "}" && first !== "\n" && first !== "\r") tight++;
    }
  }
  return {
    semicolon: without > withSemicolon ? "" : ";",
    quote: single >= double ? "'" : '"',
    indent: indentOf(source.text),
    arrows: arrows > 0 || functions === 0,
    spaced: spaced >= tight,
  };
}

/** The step by which lines are most often indented further than the line before. */
function indentOf(text: string): string {
  const steps = new Map<string, number>();
  let last = "";
  for (const line of text.split(prevailingLineEnd(text))) {
    if (line.trim() === "" || /^\s*\*/.test(line)) continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (indent.length > last.length && indent.startsWith(last)) {
      const step = indent.slice(last.length);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    last = indent;
  }
  const [best] = [...steps].sort((a, b) => b[1] - a[1]);
  return best?.[0] ?? "  ";
}
