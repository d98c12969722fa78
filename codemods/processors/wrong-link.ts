import type { Edit, Repair } from "../../src/finding.js";
import type { ChainRepair } from "../edit/repair.js";
import { child, openSource } from "../edit/source.js";

/** The calls go to the field that holds the provider or the processor, where the class has one. */
export const repairWrongLink: ChainRepair = (
  { fn, parts = [], names: [, , field = ""] },
  project,
): Repair | undefined => {
  const source = field === "" ? undefined : openSource(project, fn.module.file);
  if (!source) return undefined;
  const edits = parts.flatMap(({ at }): Edit[] => {
    const call = source.at(at, "CallExpression");
    const callee = child(call, "callee");
    const owner = child(callee, "object");
    const member = child(callee, "property");
    if (!call || !owner || !member || callee?.type !== "MemberExpression") return [];
    // the members of the SDK's classes are there in any case
    const text = source.text.slice(member.end, call.end).replace(/^\s*\?\./, "");
    return [source.replace(owner.start, call.end, `this.${field}.${source.textOf(member)}${text}`)];
  });
  return edits.length === parts.length
    ? { level: "review", title: "Flush what holds the queue", edits }
    : undefined;
};
