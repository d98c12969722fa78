import type { Repair } from "../../src/finding.js";
import type { ChainRepair } from "../edit/repair.js";
import { openSource } from "../edit/source.js";
import { withoutStatement } from "./statements.js";

/** The flush goes, where it is a statement of its own: the SDK sends by its timer, and an ending sends the rest. */
export const repairAwaited: ChainRepair = ({ fn, call }, project): Repair | undefined => {
  const source = call && openSource(project, fn.module.file);
  const node = source?.at(call?.at ?? [0, 0], "CallExpression");
  const edit = source && node && withoutStatement(source, node);
  return edit && { level: "review", title: "Do not wait for it on the way of a request", edits: [edit] };
};
