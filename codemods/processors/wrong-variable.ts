import type { Repair } from "../../src/finding.js";
import type { ChainRepair } from "../edit/repair.js";

/** The name becomes the one that the SDK reads, in code and in manifests alike. */
export const repairWrongVariable: ChainRepair = (broken, project): Repair | undefined => {
  const [what, name = "", meant = ""] = broken.names;
  const { file } = broken.fn.module;
  const [start, end] = broken.at;
  const text = project.index.read(file);
  // where both are set the right one may say something else
  if (what !== "name" || text?.slice(start, end) !== name || new RegExp(`\\b${meant}\\b`).test(text))
    return undefined;
  return { level: "review", title: `Set \`${meant}\``, edits: [{ file, start, end, text: meant }] };
};
