import { providerOf } from "./provider.js";
import { inFront, propertyOf, withoutProperty } from "../../edit/property.js";
import { child, list, openSource } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** The interceptors become providers that give them, in front of the others. */
export const repairBothLists: ChainRepair = ({ fn, parts: [direct, made] = [] }, project) => {
  const source = openSource(project, fn.module.file);
  const from = source && direct && propertyOf(source, direct.at, "interceptors");
  const to = source && made && propertyOf(source, made.at, "interceptor_providers");
  const value = child(from, "value");
  if (!from || !to || source.parentOf(from) !== source.parentOf(to) || value?.type !== "ArrayExpression")
    return undefined;
  const items = list(value, "elements");
  if (items.some((i) => i.type === "SpreadElement" || !/^(Identifier|MemberExpression)$/.test(i.type)))
    return undefined;
  return {
    level: "review",
    title: "Give all interceptors by `interceptor_providers`",
    edits: [
      withoutProperty(source, from),
      inFront(
        source,
        to,
        items.map((i) => providerOf(source, source.textOf(i))),
      ),
    ],
  };
};
