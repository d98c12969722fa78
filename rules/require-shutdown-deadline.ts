import { unboundedShutdowns, type Unbounded } from "../src/deadline/unbounded.js";
import type { Because, RunReport, Rule } from "../src/program/view.js";

/** An ending waits for telemetry without a limit, or with one that means something else. */
export const requireShutdownDeadline: Rule<RunReport> = {
  name: "require-shutdown-deadline",
  level: "warning",
  summary: "An ending waits for telemetry without a limit, so a silent collector keeps it from ending.",
  recommended: true,
  fixable: true,
  check(project, { strict }) {
    const reports = new Map<object, RunReport>();
    for (const run of project.runs())
      for (const found of unboundedShutdowns(run, project, strict))
        if (!reports.has(found.call) && !project.index.isTest(found.fn.module.file))
          reports.set(found.call, report(found));
    return [...reports.values()];
  },
};

function report(found: Unbounded): RunReport {
  const { flush, ending, call, fn, at, shape, limit, budget, sequence } = found;
  const name = flush.vendor?.name ?? "the collector";
  const what =
    flush.value?.v === "member"
      ? `${flush.value.member.name}()`
      : flush.value?.v === "sdk" && flush.value.sdk.is === "call"
        ? `${flush.value.sdk.name}()`
        : "flush()";
  const unit = flush.facts?.timeout?.unit === "s" ? "seconds" : "milliseconds";
  const message = {
    "no-limit": `${what} waits for ${name} without a limit, so a silent collector keeps the process from ending; give it a deadline.`,
    "wrong-unit": `${what} is given ${String(limit?.value ?? "its limit")} ${unit}, which ${unit === "milliseconds" ? "is over before anything is sent" : "is longer than any deadline"}; its limit is in ${unit}.`,
    "then-exit": `The exit stands in a then(), so it is never reached when ${what} of ${name} rejects; exit in finally().`,
    uncaught: `When ${what} of ${name} rejects, nobody catches it and the exit behind it is never reached; catch it.`,
    "over-budget": `${what} of ${name} may take ${seconds(budget?.needed)}, and ${giver(budget)} gives it ${seconds(budget?.millis)}; bound it to less.`,
    "one-by-one": `${String(sequence?.length)} flushes of up to ${seconds(budget && sequence && budget.needed / sequence.length)} wait for each other here, and ${giver(budget)} gives them ${seconds(budget?.millis)}; wait for them side by side.`,
    "race-timer": `The timer of this race keeps the process alive after ${name} has been flushed; unref it.`,
  }[shape];
  const why: Because[] = [];
  if (budget && "fn" in budget.from)
    why.push({ fn: budget.from.fn, at: budget.from.at, message: "this limit is given and read nowhere" });
  if (ending?.call) why.push({ fn: ending.fn, at: ending.call.at, message: "the ending is registered here" });
  if (flush.call && flush.call !== call)
    why.push({ fn: flush.fn, at: flush.at, message: `${name} is flushed here` });
  return {
    rule: requireShutdownDeadline.name,
    level: requireShutdownDeadline.level,
    module: fn.module,
    at,
    fn,
    message,
    why,
    call,
    hit: flush,
    details: found,
  };
}

const seconds = (millis = 0): string => `${String(Math.round(millis / 100) / 10)} s`;

const giver = (budget: Unbounded["budget"]): string =>
  budget === undefined
    ? ""
    : "fn" in budget.from
      ? `${budget.from.fn.name ?? "its caller"}()`
      : budget.from.file;
