import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import { limitsOf, type Limits, type Setting } from "./limits.js";
import { exporterOf } from "./parts.js";

/**
 * Times that a reader or exporter refuses, and seconds where milliseconds are wanted.
 * `names`: what happens (`throws`, `clash`, `seconds`), the option, its value, the other value, the class. `parts`: the value, then
 * (for `clash`) the other one.
 */
export function badTimes(project: Project): ChainBreak[] {
  return limitsOf(project).flatMap((limits): ChainBreak[] => {
    const times = limits.settings.filter((s) => s.facts.millis);
    const refused = times.filter((s) => s.value <= 0 && s.facts.empty === "throws");
    if (refused.length > 0) return refused.map((s) => broken(s, "throws"));
    const clashing = clash(limits);
    return clashing.length > 0 ? clashing : inSeconds(limits, project);
  });
}

function broken(setting: Setting, what: string, other?: Setting): ChainBreak {
  const { fn, at, facts, value, part, option } = setting;
  return {
    kind: "chain-break",
    check: "timing",
    fn,
    at,
    call: part.call,
    names: [what, facts.option, String(value), String(other?.value ?? ""), part.name],
    parts: [option.value, ...(other ? [other.option.value] : [])],
    others: other ? [{ fn: other.fn, at: other.at, message: "the interval is given here" }] : [],
  };
}

/** A reader whose export may take longer than its interval. */
function clash({ settings, part }: Limits): ChainBreak[] {
  if (part.name !== "PeriodicExportingMetricReader") return [];
  const interval = settings.find((s) => s.facts.option === "exportIntervalMillis");
  const timeout = settings.find((s) => s.facts.option === "exportTimeoutMillis");
  return interval && timeout && interval.value < timeout.value ? [broken(timeout, "clash", interval)] : [];
}

/** Round numbers of seconds of the usual size: no network answers in as many milliseconds, and nobody exports that often. */
const SECONDS = new Set([5, 10, 15, 20, 30, 60]);

/** One for each part, at the first such time of something that goes over the network. */
function inSeconds({ part, settings }: Limits, project: Project): ChainBreak[] {
  const exporter = part.name.startsWith("OTLP") ? part : exporterOf(part, project);
  if (!exporter?.name.startsWith("OTLP")) return [];
  // spans that leave at once are what some want
  const times = settings.filter((s) => s.facts.millis && s.facts.option !== "scheduledDelayMillis");
  const [first] = times.filter((s) => SECONDS.has(s.value));
  return first ? [broken(first, "seconds")] : [];
}
