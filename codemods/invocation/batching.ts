import { childrenOf, list, openSource } from "../edit/source.js";
import type { ChainRepair } from "../edit/repair.js";

/** Lets the client send each event by itself. */
export const repairBatching: ChainRepair = ({ fn, at, names }, project) => {
  const source = openSource(project, fn.module.file);
  const call = source?.at(at, "NewExpression");
  const [, , , option = "", value = ""] = names;
  if (!source || !call || childrenOf(call).length === 0) return undefined;
  const [first] = list(call, "arguments");
  const title = `Set \`${option}: ${value}\``;
  const text = `${option}: ${value}`;
  if (!first) {
    const close = source.text.lastIndexOf(")", call.end);
    const written = source.style.spaced ? `{ ${text} }` : `{${text}}`;
    return { level: "review", title, edits: [source.insert(close, written)] };
  }
  const last = list(first, "properties").at(-1);
  if (first.type !== "ObjectExpression" || !last) return undefined;
  const gap = source.isFirstOnLine(last.start) ? `\n${source.indentAt(last.start)}` : " ";
  return { level: "review", title, edits: [source.insert(last.end, `,${gap}${text}`)] };
};
