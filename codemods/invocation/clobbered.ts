import { child, list, openSource } from "../edit/source.js";
import type { ChainRepair } from "../edit/repair.js";

/** What is there stays where the context has nothing better: the `else` goes. */
export const repairClobbered: ChainRepair = ({ fn, at }, project) => {
  const source = openSource(project, fn.module.file);
  const put = source?.at(at, "AssignmentExpression");
  if (!source || !put) return undefined;
  const branch = [...source.ancestors(put)].find((n) => n.type === "IfStatement");
  const consequent = child(branch, "consequent");
  const alternate = child(branch, "alternate");
  if (!consequent || alternate?.type !== "BlockStatement" || list(alternate, "body").length !== 1)
    return undefined;
  return {
    level: "review",
    title: "Leave what is kept where it is",
    edits: [source.replace(consequent.end, alternate.end, "")],
  };
};
