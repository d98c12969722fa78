import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { child, openSource, type Source } from "../../edit/source.js";
import { holderAt, withMethods } from "../../edit/methods.js";
import type { ChainRepair } from "../../edit/repair.js";

/** The stand-in gets the member that it lacks. */
export const repairStandIn: ChainRepair = ({ fn, at, names }, project) => {
  const source = openSource(project, fn.module.file);
  const [, member = ""] = names;
  const holder = source && holderAt(source, at[0]);
  if (!holder) return undefined;
  const added = withMethods(source, holder, [
    { name: member, async: false, body: "return Promise.resolve()" },
  ]);
  const untyped = holder.type === "ObjectExpression" ? withoutType(source, holder) : [];
  if (!added || !untyped) return undefined;
  return {
    level: untyped.length > 0 ? "review" : "safe",
    title: `Add \`${member}\` to the stand-in`,
    edits: [...untyped, added],
  };
};

/** The interface of the API has no such member, so that a literal that has it may not be declared to be it: undefined where it stays so. */
function withoutType(source: Source, object: Node): Edit[] | undefined {
  if (!source.isTypeScript) return [];
  const holder = source.parentOf(object);
  if (holder?.type === "VariableDeclarator")
    return child(child(holder, "id"), "typeAnnotation") ? undefined : [];
  const fn = source.functionOf(object);
  if (holder?.type !== "ReturnStatement" && holder !== fn) return [];
  const type = child(fn, "returnType");
  return type ? [source.replace(type.start, type.end, "")] : [];
}
