import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import type { Closing } from "./closing.js";
import { isFunctionNode, nodesIn } from "./page.js";
import { ENDING_NAMES } from "./text.js";

/**
 * Lets an ending that the file has already, in the form in which this tool writes it, close one thing more.
 * @param statements where that is declared: of the program, or of the block that knows the names of the closing
 * @returns undefined when there is no such ending
 */
export function joinEnding(source: Source, closing: Closing, statements: readonly Node[]): Edit | undefined {
  const { text } = source;
  const first = racedIn(source, statements);
  if (!first) return undefined;
  const more = `${closing.text}.catch(console.error)`;
  const several = first.type === "CallExpression" && text.startsWith("Promise.all([", first.start);
  if (several) {
    const last = list(list(first, "arguments")[0], "elements").at(-1);
    return last && source.insert(last.end, `, ${more}`);
  }
  return source.replace(first.start, first.end, `Promise.all([${source.textOf(first)}, ${more}])`);
}

/** What the ending races against its timer. */
function racedIn(source: Source, statements: readonly Node[]): Node | undefined {
  for (const statement of statements) {
    const declared =
      statement.type === "ExportNamedDeclaration" ? child(statement, "declaration") : statement;
    if (!isFunctionNode(declared) || !ENDING_NAMES.includes(nameOf(child(declared, "id")) ?? "")) continue;
    for (const node of nodesIn(declared)) {
      if (node.type !== "CallExpression" || !source.text.startsWith("Promise.race([", node.start)) continue;
      const elements = list(list(node, "arguments")[0], "elements");
      const timer = elements[1];
      if (elements.length === 2 && timer && source.textOf(timer).includes("setTimeout")) return elements[0];
    }
  }
  return undefined;
}
