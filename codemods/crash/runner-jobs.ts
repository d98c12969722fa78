import { rejectsUncaught, failsUncaught } from "../../src/crash/uncaught.js";
import { type Job, type Runner, runnersOf } from "../../src/program/runners.js";
import type { Call, Fn } from "../../src/syntax/ir.js";
import { openSource } from "../edit/source.js";
import type { Given } from "./runner-catch.js";
import type { Scene } from "./scene.js";

/** A function that a runner runs, and that fails. */
export interface Failing extends Given {
  job: Job;
  runner: Runner;
}

/** The functions that fail among what the reported calls hand over, as far as they are in the file that is reported. */
export function failingJobs(scene: Scene): Failing[] {
  const { details, project, lost } = scene;
  const { module } = details.fn;
  const source = openSource(project, module.file);
  if (!source) return [];
  const places = [
    details.at,
    ...(details.others ?? []).filter((o) => o.fn.module === module).map((o) => o.at),
  ];
  const isPlace = ({ at }: Call): boolean => places.some((p) => p[0] === at[0] && p[1] === at[1]);
  const found = new Map<object, Failing>();
  for (const runner of runnersOf(lost.run, project)) {
    if (runner.facts.name !== details.runner && details.shape !== "async-callback") continue;
    for (const job of runner.jobs) {
      const fn = job.fns.find((f) => fails(scene, f));
      if (!fn || job.fn.module !== module || (!isPlace(job.call) && !isPlace(runner.call))) continue;
      const node = source.at(
        job.given.at,
        "ArrowFunctionExpression",
        "FunctionExpression",
        "Identifier",
        "CallExpression",
      );
      if (node && !found.has(node)) found.set(node, { source, module, node, fn, job, runner });
    }
  }
  return [...found.values()].sort((a, b) => a.node.start - b.node.start);
}

const fails = ({ project, details }: Scene, fn: Fn): boolean =>
  details.shape === "async-callback"
    ? rejectsUncaught(fn, project, { returned: false })
    : failsUncaught(fn, project, { returned: true }) || rejectsUncaught(fn, project, { returned: true });
