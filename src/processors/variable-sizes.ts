import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { variablesOf, type Variable } from "./environment.js";
import { exportersOfRun } from "./exporters-of-run.js";
import { partsOf } from "./parts.js";

const QUEUE = /^OTEL_(BSP|BLRP)_MAX_QUEUE_SIZE$/;
const BATCH = /^OTEL_(BSP|BLRP)_MAX_EXPORT_BATCH_SIZE$/;
const usualQueue = 2048;

/**
 * Sizes in variables with which a processor drops what it is given, or never comes to an end. Run with sdk-trace-base 2.12 and
 * sdk-node 0.223: a batch above the queue is cut to the queue in both, and of 500 spans at once 200 leave with a queue of 100; 0 and less
 * are taken by processors that a program makes (the flush hangs, nothing is sent), and not by those that the SDK makes. A text that is no
 * number is taken for the default in both.
 * `names`: `over`, `hangs`, `sends-none` or `drops`, the variable, its value, the value of the other one.
 */
export function badVariableSizes(project: Project): ChainBreak[] {
  const all = variablesOf(project).filter(({ name }) => QUEUE.test(name) || BATCH.test(name));
  return all.flatMap((variable): ChainBreak[] => {
    const { name, runs } = variable;
    const value = numberIn(variable);
    const kind = /BSP/.test(name) ? "Span" : "LogRecord";
    if (value === undefined || runs.some((run) => isReplaced(run, project))) return [];
    if (value <= 0) {
      if (!runs.every((run) => makes(run, kind, project))) return [];
      const what = QUEUE.test(name) ? "drops" : value === 0 ? "hangs" : "sends-none";
      return [broken(variable, what, "")];
    }
    if (
      !BATCH.test(name) ||
      !runs.every((run) => makes(run, kind, project) || exportersOfRun(run, project).bySdk)
    )
      return [];
    const queue = queueBeside(variable, all);
    return queue !== undefined && value > queue ? [broken(variable, "over", String(queue))] : [];
  });
}

const numberIn = ({ value }: Variable): number | undefined =>
  /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;

/** The size of the queue in the same file; undefined where another file, or something unread, says it. */
function queueBeside(batch: Variable, all: readonly Variable[]): number | undefined {
  const name = batch.name.replace("MAX_EXPORT_BATCH_SIZE", "MAX_QUEUE_SIZE");
  const said = all.filter((v) => v.name === name && v.runs.some((run) => batch.runs.includes(run)));
  if (said.length === 0) return batch.open ? undefined : usualQueue;
  const [only] = said;
  const beside = said.length === 1 && only?.fn.module.file === batch.fn.module.file;
  const queue = beside ? numberIn(only) : undefined;
  return queue !== undefined && queue > 0 ? queue : undefined;
}

/** Options in the code come before variables, and a program that reads them does with them what it likes. */
const isReplaced = (run: Run, project: Project): boolean =>
  [...run.files].some((file) =>
    /\b(maxExportBatchSize|maxQueueSize|_MAX_QUEUE_SIZE|_MAX_EXPORT_BATCH_SIZE)\b|_MAX_(QUEUE|EXPORT_BATCH)_SIZE/.test(
      project.index.read(file) ?? "",
    ),
  );

/** The program makes such a processor itself. */
const makes = (run: Run, kind: "Span" | "LogRecord", project: Project): boolean =>
  [...run.files].some((file) => {
    const module = project.index.scan(file).telemetry ? project.module(file) : undefined;
    return module !== undefined && partsOf(module, project).some((p) => p.name === `Batch${kind}Processor`);
  });

const broken = ({ fn, valueAt, name, value }: Variable, what: string, other: string): ChainBreak => ({
  kind: "chain-break",
  check: "sizes",
  fn,
  at: valueAt,
  names: [what, name, value, other, "", "", "variable"],
});
