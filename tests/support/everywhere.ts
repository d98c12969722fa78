import path from "node:path";
import { repairNoFloatingFlush } from "../../codemods/no-floating-flush.js";
import { applyEdits, areBroken } from "../../src/cli/apply/edits.js";
import { faultsOf } from "../../src/cli/apply/syntax.js";
import type { FloatingFlush } from "../../src/program/details.js";
import { endingsOf } from "../../src/program/endings.js";
import { openProject } from "../../src/program/index/project.js";
import { Project, telemetrySpecifiers } from "../../src/program/project.js";
import type { RunReport } from "../../src/program/view.js";
import { loadCases } from "./fixtures.js";

const programs = loadCases()
  .map(({ folder }) => path.join(folder, "before"))
  .map(
    (root) =>
      new Project(openProject(root, { telemetrySpecifiers: [...telemetrySpecifiers], cacheDir: false })),
  );

/** Repairs every flush that the fixtures meet as if it had been reported with a shape, and tells what no longer parses. */
export function everywhere(shape: FloatingFlush["shape"]): { count: number; faults: string[] } {
  let count = 0;
  const faults: string[] = [];
  for (const project of programs)
    for (const run of project.runs())
      for (const hit of run.hits) {
        if (hit.kind !== "flush" || !hit.call) continue;
        const ending = endingsOf(run, project).find((e) => e.reached.some((r) => r.call === hit.call));
        const { call, fn } =
          shape === "exit-listener" && ending?.call
            ? { call: ending.call, fn: ending.fn }
            : { call: hit.call, fn: hit.fn };
        const report: RunReport = {
          rule: "no-floating-flush",
          level: "error",
          module: fn.module,
          at: call.at,
          fn,
          message: "",
          why: [],
          call,
          hit,
          details: { kind: "floating-flush", shape, flush: hit, ending },
        };
        const repair = repairNoFloatingFlush(report, project);
        if (repair) count++;
        for (const file of new Set(repair?.edits.map((e) => e.file))) {
          const text = project.index.read(file) ?? "";
          const edits = repair?.edits.filter((e) => e.file === file) ?? [];
          const broken =
            areBroken(edits, text.length) ||
            faultsOf(file, applyEdits(text, edits)).length > faultsOf(file, text).length;
          if (broken) faults.push(`${project.index.root} ${file}`);
        }
      }
  return { count, faults };
}
