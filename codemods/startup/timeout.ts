import type { Edit } from "../../src/finding.js";
import type { ChainRepair } from "../edit/repair.js";
import { propertyOf, withoutProperty } from "../edit/property.js";
import { openSource } from "../edit/source.js";

/** The exporter gets back the ten seconds that its retries need. */
export const defaultTimeout: ChainRepair = (broken, project) => {
  const source = openSource(project, broken.fn.module.file);
  const property = source && propertyOf(source, broken.at, "timeoutMillis");
  const title = "Leave the exporter its ten seconds";
  const repair = (edit: Edit) => ({ level: "review" as const, title, edits: [edit] });
  const [options, more] = broken.call?.args ?? [];
  if (source && options?.k === "obj" && options.props.length === 1 && !more)
    return repair(source.replace(options.at[0], options.at[1], ""));
  return source && property ? repair(withoutProperty(source, property)) : undefined;
};
