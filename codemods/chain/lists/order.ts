import { openSource } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

const NAMES = [
  "Identifier",
  "MemberExpression",
  "CallExpression",
  "ArrowFunctionExpression",
  "FunctionExpression",
];

/** In a list that is written out, the link that makes the span moves before the one that reads it. */
export const repairOrder: ChainRepair = ({ fn, parts: [reader, maker] = [] }, project) => {
  const source = openSource(project, fn.module.file);
  const outer = source && reader && source.at(reader.at, ...NAMES);
  const inner = source && maker && source.at(maker.at, ...NAMES);
  const holder = outer && source.parentOf(outer);
  if (!source || !outer || !inner || holder?.type !== "ArrayExpression" || source.parentOf(inner) !== holder)
    return undefined;
  const lead = /,\s*$/.exec(source.text.slice(outer.end, inner.start));
  if (!lead) return undefined;
  const gap = source.isFirstOnLine(outer.start) ? `\n${source.indentAt(outer.start)}` : " ";
  return {
    level: "review",
    title: "Put the link that makes the span first",
    edits: [
      source.insert(outer.start, `${source.textOf(inner)},${gap}`),
      source.replace(inner.start - lead[0].length, inner.end, ""),
    ],
  };
};
