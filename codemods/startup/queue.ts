import { numberOf, propertyOf as settingOf } from "../../src/startup/options.js";
import { concurrency } from "../../src/knowledge/processor-limits.js";
import { defaultBatch } from "../../src/knowledge/export-retries.js";
import type { ChainRepair } from "../edit/repair.js";
import { propertyOf, withoutProperty } from "../edit/property.js";
import { openSource } from "../edit/source.js";

/** The queue gets its usual size back; none is offered where the batches are so small that too many of them would fit into it. */
export const usualQueue: ChainRepair = (broken, project) => {
  const source = openSource(project, broken.fn.module.file);
  const property = source && propertyOf(source, broken.at, "maxQueueSize");
  if (!source || !property) return undefined;
  const options = broken.call?.args.find((a) => settingOf(a, "maxQueueSize"));
  const batch = settingOf(options, "maxExportBatchSize");
  const size = batch ? numberOf(batch) : defaultBatch;
  if (size === undefined || Math.ceil((4 * defaultBatch) / size) > concurrency.usual) return undefined;
  const title = "Leave the queue its usual size";
  return { level: "review", title, edits: [withoutProperty(source, property)] };
};
