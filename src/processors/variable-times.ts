import { optionsOf } from "../chain/lists/options.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { variablesOf } from "./environment.js";
import { partsOf } from "./parts.js";

const TIMEOUT = /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?TIMEOUT$/;

/** What people take for seconds, as some other languages count this variable. */
const SECONDS = new Set(["5", "10", "15", "20", "30", "60"]);

/**
 * Time limits of OTLP exporters in variables that are meant in seconds: JavaScript takes them for milliseconds.
 * `names`: `seconds`, the variable, its value, twice nothing, `variable`.
 */
export function variablesInSeconds(project: Project): ChainBreak[] {
  return variablesOf(project).flatMap((variable): ChainBreak[] => {
    const { name, value, fn, valueAt, runs } = variable;
    if (!TIMEOUT.test(name) || !SECONDS.has(value) || runs.some((run) => isReplaced(run, project))) return [];
    return [
      {
        kind: "chain-break",
        check: "timing",
        fn,
        at: valueAt,
        names: ["seconds", name, value, "", "", "variable"],
      },
    ];
  });
}

/** An exporter with options of its own may not read the variable, and a program that reads it may mean seconds. */
const isReplaced = (run: Run, project: Project): boolean =>
  [...run.files].some((file) => {
    if (/OTLP_(?:\w+_)?TIMEOUT\b(?!\s*=[^=])/.test(project.index.read(file) ?? "")) return true;
    const module = project.index.scan(file).telemetry ? project.module(file) : undefined;
    return (
      module !== undefined &&
      partsOf(module, project).some(
        ({
          name,
          call: {
            args: [config],
          },
        }) => {
          const options = config && name.startsWith("OTLP") ? optionsOf(config, module, project) : undefined;
          return (
            name.startsWith("OTLP") &&
            config !== undefined &&
            (!options ||
              options.unknownAt !== undefined ||
              options.all.some((o) => o.name === "timeoutMillis"))
          );
        },
      )
    );
  });
