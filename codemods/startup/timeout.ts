import type { ChainRepair } from "../chain/repair.js";
import { propertyOf, withoutProperty } from "../edit/property.js";
import { openSource } from "../edit/source.js";

/** The exporter gets back the ten seconds that its retries need. */
export const defaultTimeout: ChainRepair = (broken, project) => {
  const source = openSource(project, broken.fn.module.file);
  const property = source && propertyOf(source, broken.at, "timeoutMillis");
  return source && property
    ? {
        level: "review",
        title: "Leave the exporter its ten seconds",
        edits: [withoutProperty(source, property)],
      }
    : undefined;
};
