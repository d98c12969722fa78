import { finalOf, optionsOf } from "../chain/lists/options.js";
import { concurrency } from "../knowledge/processor-limits.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import { limitsOf, valueOf, type Limits, type Setting } from "./limits.js";
import { numberOf } from "./numbers.js";
import { exporterOf } from "./parts.js";

/**
 * Sizes of queues and batches with which a processor drops what it is given, or never comes to an end.
 * `names`: what happens (`hangs`, `sends-none`, `drops`, `over`, `crowded`), the option, its value, the value of the other one, the
 * class, how many exports at a time its exporter takes. `parts`: the value.
 */
export function badSizes(project: Project): ChainBreak[] {
  return limitsOf(project).flatMap((limits): ChainBreak[] => {
    const { settings } = limits;
    const empty = settings.filter((s) => s.value <= 0 && s.facts.millis === undefined);
    if (empty.length > 0)
      return empty.map((s) =>
        broken(
          s,
          s.value < 0 && s.facts.empty === "hangs" ? "sends-none" : (s.facts.empty ?? "drops"),
          s.value,
        ),
      );
    return [...overQueue(limits), ...crowded(limits, project)];
  });
}

function broken(setting: Setting, what: string, other: number, most = 0): ChainBreak {
  const { fn, at, facts, value, part, option } = setting;
  return {
    kind: "chain-break",
    check: "sizes",
    fn,
    at,
    call: part.call,
    names: [what, facts.option, String(value), String(other), part.name, String(most)],
    parts: [option.value],
  };
}

const settingOf = ({ settings }: Limits, option: string): Setting | undefined =>
  settings.find((s) => s.facts.option === option);

/** Both are written, and the batch does not fit into the queue. */
function overQueue(limits: Limits): ChainBreak[] {
  const batch = settingOf(limits, "maxExportBatchSize");
  const queue = valueOf(limits, "maxQueueSize");
  if (!batch || queue === undefined || batch.value <= queue) return [];
  return [broken(batch, "over", queue)];
}

/** So many batches that the exporter refuses some of them when all are sent at once. */
function crowded(limits: Limits, project: Project): ChainBreak[] {
  const queue = valueOf(limits, "maxQueueSize");
  const batch = valueOf(limits, "maxExportBatchSize");
  const said = settingOf(limits, "maxExportBatchSize") ?? settingOf(limits, "maxQueueSize");
  if (queue === undefined || batch === undefined || !said || batch > queue) return [];
  const limit = concurrencyOf(limits, project);
  return limit !== undefined && Math.ceil(queue / batch) > limit
    ? [broken(said, "crowded", said.facts.option === "maxQueueSize" ? batch : queue, limit)]
    : [];
}

/** How many exports at a time the exporter of a processor takes; undefined for any that is not OTLP, or where nobody knows. */
function concurrencyOf({ part }: Limits, project: Project): number | undefined {
  const made = exporterOf(part, project);
  if (!made?.name.startsWith("OTLP")) return undefined;
  const [config] = made.call.args;
  if (!config) return concurrency.usual;
  const settings = optionsOf(config, made.fn.module, project);
  if (!settings || settings.unknownAt !== undefined) return undefined;
  if (!settings.all.some((o) => o.name === concurrency.option)) return concurrency.usual;
  const limit = finalOf(settings, concurrency.option);
  return limit && numberOf(limit.value, limit.module, project);
}
