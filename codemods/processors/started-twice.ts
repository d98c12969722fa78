import type { Repair } from "../../src/finding.js";
import type { ChainRepair } from "../edit/repair.js";
import { openSource } from "../edit/source.js";
import { withoutStatement } from "./statements.js";

/** The second start of one SDK goes; two SDKs are for somebody to make one of. */
export const repairStartedTwice: ChainRepair = ({ fn, call, names: [what] }, project): Repair | undefined => {
  const source = what === "again" && call ? openSource(project, fn.module.file) : undefined;
  const node = call && source?.at(call.at, "CallExpression");
  const edit = source && node && withoutStatement(source, node);
  return edit && { level: "review", title: "Start the SDK once", edits: [edit] };
};
