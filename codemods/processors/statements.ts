import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";

/** A call that is a statement of its own goes, with its line; undefined for any other. */
export function withoutStatement(source: Source, call: Node): Edit | undefined {
  let statement = source.parentOf(call);
  if (statement?.type === "AwaitExpression") statement = source.parentOf(statement);
  if (statement?.type !== "ExpressionStatement") return undefined;
  const { text } = source;
  const rest = /^[ \t]*\r?\n/.exec(text.slice(statement.end));
  return source.isFirstOnLine(statement.start) && rest
    ? source.replace(source.lineStart(statement.start), statement.end + rest[0].length, "")
    : source.replace(statement.start, statement.end, "");
}
