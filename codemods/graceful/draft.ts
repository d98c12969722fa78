import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { linesOf } from "../ending/lines.js";
import { statementsOf, type Page } from "../ending/page.js";

/** Edits that are gathered for one repair; what goes behind one statement stays in the order in which it was asked for. */
export class Draft {
  private readonly edits: Edit[] = [];
  private readonly blocks = new Map<Node, { page: Page; texts: string[] }>();

  /** The same edit asked for twice is made once. */
  add(edits: readonly Edit[]): void {
    for (const edit of edits) if (!this.edits.some((known) => isSame(known, edit))) this.edits.push(edit);
  }

  /** Puts lines behind a statement of a program or block, set off by blank lines. */
  behind(page: Page, statement: Node, lines: readonly string[]): void {
    const indent = page.indentAt(statement.start);
    const text = lines.map((line) => (line === "" ? "" : indent + line)).join("\n");
    const known = this.blocks.get(statement);
    if (known) known.texts.push(text);
    else this.blocks.set(statement, { page, texts: [text] });
  }

  /** All edits in the order of the files; undefined when some would touch each other or stand in the middle of a line. */
  finish(): Edit[] | undefined {
    const all: Edit[] = [];
    for (const [statement, { page, texts }] of this.blocks) {
      const lines = linesOf(page, statement, statementsOf(page.parentOf(statement)) ?? []);
      if (!lines) return undefined;
      const after = lines.last || page.isBlank(page.nextLine(lines.end)) ? "" : "\n";
      all.push(page.insert(lines.end, `\n\n${texts.join("\n\n")}${after}`));
    }
    // what is put behind a statement comes before what is put behind that
    all.push(...this.edits);
    all.sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start || a.end - b.end);
    const apart = all.every((e, i) => {
      const last = all[i - 1];
      return last === undefined || last.file !== e.file || last.end <= e.start;
    });
    return apart && all.length > 0 ? all : undefined;
  }
}

const isSame = (a: Edit, b: Edit): boolean =>
  a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;
