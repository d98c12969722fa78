import { list, openSource } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Calls `next` where it is named; where that gives a promise and nobody waits for it, somebody does. */
export const repairNextNotCalled: ChainRepair = ({ fn, names, parts = [] }, project) => {
  const source = openSource(project, fn.module.file);
  const [name] = parts;
  const [, form = "", gives] = names;
  if (!source || !name) return undefined;
  const [start, end] = name.at;
  const call = source.insert(end, "()");
  const title = "Call `next`";
  if (/^(await|return) /.test(form) || gives !== "promise") return { level: "safe", title, edits: [call] };
  if (fn.async) return { level: "safe", title, edits: [source.insert(start, "await "), call] };
  const statement = source.at([start, end], "Identifier");
  const holder = statement && source.parentOf(statement);
  const last = list(source.at(fn.bodyAt, "BlockStatement"), "body").at(-1);
  if (!holder || holder !== last) return undefined;
  return { level: "safe", title, edits: [source.insert(start, "return "), call] };
};
