import { nodesIn, type Source } from "./source.js";

/** How a file is written, for text that is put into it. */
export interface Style {
  /** One step of indentation. */
  indent: string;
  quote: '"' | "'";
  /** What ends a statement: `;` or nothing. */
  end: ";" | "";
  typescript: boolean;
}

const STATEMENTS = new Set(["ExpressionStatement", "VariableDeclaration", "ImportDeclaration", "ReturnStatement", "ThrowStatement"]);

/** Reads the style off a file; two spaces, double quotes and semicolons where the file does not show it. */
export function styleOf(source: Source): Style {
  let single = 0;
  let double = 0;
  let ended = 0;
  let open = 0;
  for (const node of nodesIn(source.program)) {
    if (node.type === "Literal" && typeof node.value === "string") {
      if (source.text[node.start] === "'") single++;
      else if (source.text[node.start] === '"') double++;
    }
    if (STATEMENTS.has(node.type)) {
      if (source.text[node.end - 1] === ";") ended++;
      else if (/^\s*(\n|$)/.test(source.text.slice(node.end, node.end + 40))) open++;
    }
  }
  return {
    indent: indentOf(source.text),
    quote: single > double ? "'" : '"',
    end: open > ended ? "" : ";",
    typescript: /\.[cm]?tsx?$/.test(source.file),
  };
}

/** The most frequent step by which a line is further in than the one above. */
function indentOf(text: string): string {
  const steps = new Map<string, number>();
  let above = "";
  for (const line of text.split("\n")) {
    const found = /^([ \t]*)[^\s*]/.exec(line);
    if (!found) continue;
    const indent = found[1] ?? "";
    if (indent.length > above.length && indent.startsWith(above)) {
      const step = indent.slice(above.length);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    above = indent;
  }
  return [...steps].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "  ";
}
