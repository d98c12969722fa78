import type { Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import { withoutProperty, withValue } from "../edit/property.js";
import type { ChainRepair } from "../edit/repair.js";
import { settingAt } from "./settings.js";

/** A time that is refused goes, so that the usual one is taken; a timeout ends with the interval; seconds become milliseconds. */
export const repairTiming: ChainRepair = (broken, project): Repair | undefined => {
  const [what, option = "", value = "", interval = "", , where] = broken.names;
  if (where === "variable") return inVariable(broken, value, project);
  const found = settingAt(broken, option, project);
  if (!found) return undefined;
  const { source, property } = found;
  const to = (text: string, title: string): Repair => ({
    level: "review",
    title,
    edits: [withValue(source, property, text)],
  });
  if (what === "clash") return to(interval, "Let an export end before the next one begins");
  if (what === "seconds") return to(String(Number(value) * 1000), "Write the time in milliseconds");
  return { level: "review", title: "Take the usual time", edits: [withoutProperty(source, property)] };
};

/** The value of a variable, in a manifest or in code. */
function inVariable(
  { fn, at: [start, end] }: ChainBreak,
  value: string,
  project: Project,
): Repair | undefined {
  const { file } = fn.module;
  if (project.index.read(file)?.slice(start, end) !== value) return undefined;
  const edit = { file, start, end, text: `${value}000` };
  return { level: "review", title: "Write the time in milliseconds", edits: [edit] };
}
