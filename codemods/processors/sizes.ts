import type { Repair } from "../../src/finding.js";
import { withoutProperty, withValue } from "../edit/property.js";
import type { ChainRepair } from "../edit/repair.js";
import { settingAt, withSibling } from "./settings.js";

/** So many batches a queue should hold, that a burst is not dropped while one is on its way. */
const BATCHES = 4;
const USUAL_BATCH = 512;

/** What no processor can work with goes, so that the usual number is taken; a queue gets room, batches get larger. */
export const repairSizes: ChainRepair = (broken, project): Repair | undefined => {
  const [what, option = "", value = "", other = "", , most = "", where] = broken.names;
  // which of two variables is right is the maintainer's to say
  if (where !== undefined) return undefined;
  const found = settingAt(broken, option, project);
  if (!found) return undefined;
  const { source, property } = found;
  if (what === "over") {
    const queue = String(Number(value) * BATCHES);
    const edit = withSibling(source, property, "maxQueueSize", queue);
    return edit && { level: "review", title: `Give the queue room for ${queue}`, edits: [edit] };
  }
  if (what === "crowded") {
    const queue = Number(option === "maxQueueSize" ? value : other);
    const batch = String(Math.max(Math.ceil(queue / Number(most)), Math.min(USUAL_BATCH, queue)));
    const edit =
      option === "maxExportBatchSize"
        ? withValue(source, property, batch)
        : withSibling(source, property, "maxExportBatchSize", batch);
    return edit && { level: "review", title: `Send batches of ${batch}`, edits: [edit] };
  }
  return { level: "review", title: "Take the usual number", edits: [withoutProperty(source, property)] };
};
