import { defaultBatch } from "../knowledge/export-retries.js";
import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import { exportersOf } from "./exporters.js";
import { numberOf, propertyOf } from "./options.js";

/**
 * Queues that hold less than one batch of the usual size, in front of an exporter that keeps one batch back until its collector listens:
 * what comes meanwhile has to fit into them. How much that is no file says, so the check is strict. `names`: package of the exporter, the
 * size; `parts`: the size.
 */
export function smallQueues(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const run of project.runs()) {
    const lifespan = lifespanOf(run, project);
    if (lifespan !== "service" && lifespan !== "unknown") continue;
    for (const exporter of exportersOf(run, project)) {
      const { fn, holder, retries } = exporter;
      const size = propertyOf(holder?.options, "maxQueueSize");
      const value = size && numberOf(size);
      // what is not tried again is lost whatever the queue holds
      if (!size || !holder?.call || value === undefined || retries !== true) continue;
      if (value <= 0 || value >= defaultBatch) continue;
      found.set(`${fn.module.file}:${String(size.at[0])}`, {
        kind: "chain-break",
        check: "small-queue",
        fn,
        at: size.at,
        call: holder.call,
        names: [exporter.package, String(value)],
        parts: [size],
      });
    }
  }
  return [...found.values()];
}
