import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Closing } from "./closing.js";
import { isFunction, nodesIn, type Source } from "./source.js";
import { nameOf } from "./statement.js";
import { ENDING_NAMES } from "./text.js";

/**
 * Lets an ending that the file has already, in the form in which this tool writes it, close one thing more.
 * @returns undefined when the file has no such ending
 */
export function joinEnding(source: Source, closing: Closing): Edit | undefined {
  const { file, text } = source;
  const first = racedIn(source);
  if (!first) return undefined;
  const more = `${closing.text}.catch(console.error)`;
  const several = first.type === "CallExpression" && text.startsWith("Promise.all([", first.start);
  if (several) {
    const last = ((first.arguments as Node[])[0]?.elements as Node[]).at(-1);
    return last && { file, start: last.end, end: last.end, text: `, ${more}` };
  }
  return { file, start: first.start, end: first.end, text: `Promise.all([${text.slice(first.start, first.end)}, ${more}])` };
}

/** What the file's ending races against its timer. */
function racedIn(source: Source): Node | undefined {
  for (const statement of source.program.body as Node[]) {
    const declared = statement.type === "ExportNamedDeclaration" ? (statement.declaration as Node | null) : statement;
    if (!declared || !isFunction(declared) || !ENDING_NAMES.includes(nameOf(declared.id as Node) ?? "")) continue;
    for (const node of nodesIn(declared)) {
      if (node.type !== "CallExpression" || !source.text.startsWith("Promise.race([", node.start)) continue;
      const elements = (node.arguments as Node[])[0]?.elements as Node[];
      const timer = elements[1];
      if (elements.length === 2 && timer && source.text.slice(timer.start, timer.end).includes("setTimeout")) return elements[0];
    }
  }
  return undefined;
}
