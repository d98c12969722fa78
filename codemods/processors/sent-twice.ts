import type { Edit, Repair } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import type { ChainRepair } from "../edit/repair.js";
import { openSource, type Source } from "../edit/source.js";
import { withoutStatement } from "./statements.js";

/** What is given once more goes: the item of the list, or the call that adds it. */
export const repairSentTwice: ChainRepair = ({ fn, at }, project): Repair | undefined => {
  const source = openSource(project, fn.module.file);
  const node = source?.at(at, "Identifier", "NewExpression", "MemberExpression");
  const parent = node && source?.parentOf(node);
  if (!source || !parent) return undefined;
  const edit =
    parent.type === "ArrayExpression"
      ? withoutItem(source, node)
      : parent.type === "CallExpression"
        ? withoutStatement(source, parent)
        : undefined;
  return edit && { level: "review", title: "Send it once", edits: [edit] };
};

/** It is never the first of its list: the comma in front goes with it. */
function withoutItem(source: Source, node: Node): Edit | undefined {
  const comma = /,\s*$/.exec(source.text.slice(0, node.start));
  return comma ? source.replace(node.start - comma[0].length, node.end, "") : undefined;
}
