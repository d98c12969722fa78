import type { Expr } from "../../../src/syntax/ir.js";
import type { Node } from "../../../src/syntax/parse.js";
import { inFront, propertyOf, withoutProperty } from "../../edit/property.js";
import { child, list, openSource, type Source } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** The list that is spread goes into the own one, which comes to stand behind the spread. */
export const repairLostList: ChainRepair = ({ fn, names, parts: [lost, kept, spread] = [] }, project) => {
  const [option = "", where] = names;
  const source = openSource(project, fn.module.file);
  const own = where === "before" ? kept : lost;
  const property = source && own && propertyOf(source, own.at, option);
  const from = spread && source && spreadText(source, spread, option);
  const value = child(property, "value");
  if (!spread || !property || from === undefined || value?.type !== "ArrayExpression") return undefined;
  const title = "Make one list of both";
  if (where === "before") return { level: "review", title, edits: [inFront(source, property, [from])] };
  const last = list(source.parentOf(property), "properties").at(-1);
  if (last?.type !== "SpreadElement" || last.start > spread.at[0]) return undefined;
  const items = [from, ...list(value, "elements").map((i) => source.textOf(i))];
  const gap = source.isFirstOnLine(last.start) ? `\n${source.indentAt(last.start)}` : " ";
  return {
    level: "review",
    title,
    edits: [
      withoutProperty(source, property),
      source.insert(last.end, `,${gap}${option}: [${items.join(", ")}]`),
    ],
  };
};

/** `...defaults.interceptors`; a list that the type of the options does not promise may be missing. */
function spreadText(source: Source, spread: Expr, option: string): string | undefined {
  const node: Node | undefined = source.at(spread.at, "Identifier", "MemberExpression");
  if (!node) return undefined;
  const member = `${source.textOf(node)}.${option}`;
  const isTyped = spread.k === "id" && (spread.bind?.type.length ?? 0) > 0;
  return isTyped ? `...(${member} ?? [])` : `...${member}`;
}
