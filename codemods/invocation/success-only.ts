import type { ChainRepair } from "../edit/repair.js";
import { nodeOf } from "../edit/methods.js";
import { openSource } from "../edit/source.js";
import { flushingAt } from "./flushing.js";

/** Flushes in the `catch` as well, before it leaves the function. */
export const repairSuccessOnly: ChainRepair = (broken, project) => {
  const { fn, at } = broken;
  const source = openSource(project, fn.module.file);
  const call = source?.at(at, "CallExpression");
  const node = source && nodeOf(source, fn);
  if (!source || !call || !node) return undefined;
  const statement = [...source.ancestors(call)].find((n) => n.type === "ExpressionStatement");
  const block = statement && source.parentOf(statement);
  if (!statement || block?.type !== "BlockStatement" || source.functionOf(statement) !== node)
    return undefined;
  const flushing = flushingAt(broken, source, statement, node.async === true, project);
  if (!flushing) return undefined;
  const { semicolon } = source.style;
  return {
    level: flushing.behind ? "safe" : "review",
    title: "Flush on this path as well",
    edits: [
      ...flushing.edits,
      source.insert(statement.end, `\n${source.indentAt(statement.start)}${flushing.statement}${semicolon}`),
    ],
  };
};
