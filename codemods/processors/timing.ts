import type { Repair } from "../../src/finding.js";
import { withoutProperty, withValue } from "../edit/property.js";
import type { ChainRepair } from "../chain/repair.js";
import { settingAt } from "./settings.js";

/** A time that is refused goes, so that the usual one is taken; a timeout ends with the interval; seconds become milliseconds. */
export const repairTiming: ChainRepair = (broken, project): Repair | undefined => {
  const [what, option = "", value = "", interval = ""] = broken.names;
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
