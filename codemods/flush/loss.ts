import { has, State } from "../../src/flow/state.js";
import type { Hit } from "../../src/flow/world.js";
import type { Vendor } from "../../src/knowledge/schema.js";
import { losesAtExit } from "../../src/ending/losses.js";
import type { Run } from "../../src/program/program.js";
import type { Project } from "../../src/program/project.js";

/** Whose telemetry an exit loses, and where that was started. */
export interface Lost {
  vendor: Vendor;
  /** Absent where a package that is preloaded starts it. */
  start: Hit | undefined;
  /** The program that ends. */
  run: Run;
  /** What flushes must leave the handle open: it is used again. */
  repeatable?: true;
}

/** The same question as the rule's, answered with the vendor's tables; what was captured on the path comes first. */
export function lostAt(project: Project, hit: Hit): Lost | undefined {
  for (const run of project.runs()) {
    if (!run.hits.includes(hit)) continue;
    const loss = losesAtExit(run, hit);
    if (!loss) continue;
    if (has(hit.states, State.Captured) && hit.captured) {
      const { call } = hit.captured;
      const vendor = run.hits.find((h) => h.kind === "capture" && h.call === call)?.vendor;
      const start = vendor && run.started.get(vendor);
      if (vendor && start) return { vendor, start, run };
    }
    const vendor = [...run.started.keys()].find((v) => v.name === loss.vendor);
    if (vendor) return { vendor, start: run.started.get(vendor), run };
  }
  return undefined;
}
