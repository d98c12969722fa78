import { State, has } from "../src/flow/state.js";
import type { Hit } from "../src/flow/world.js";
import { floatsBefore } from "../src/ending/floating.js";
import { isClosedElsewhere, isGivenBesideCloser } from "../src/ending/handed-on.js";
import { isLauncher } from "../src/ending/launchers.js";
import { losesAtExit, type Loss } from "../src/ending/losses.js";
import { isForDevelopers, isRunByDevelopers } from "../src/program/developers.js";
import type { Run } from "../src/program/program.js";
import { comesTooLate } from "../src/ending/second-exits.js";
import { asksItself } from "../src/ending/self-signals.js";
import { isOfAnother } from "../src/ending/uncalled.js";
import type { Because, RunReport, Rule } from "../src/program/view.js";

/** The process is ended on a path on which a live handle was not awaited to its end. */
export const noExitBeforeFlush: Rule<RunReport> = {
  name: "no-exit-before-flush",
  level: "error",
  summary: "The process is ended on a path where live telemetry was not flushed.",
  recommended: true,
  fixable: true,
  check(project, { strict }) {
    const reports = new Map<object, RunReport>();
    for (const run of project.runs()) {
      if (isRunByDevelopers(run)) continue;
      for (const hit of run.hits) {
        if (hit.kind !== "exit" || !hit.call || hit.inTimer || reports.has(hit.call)) continue;
        const { file } = hit.fn.module;
        if (project.index.isTest(file) || isForDevelopers(file) || isLauncher(hit.fn)) continue;
        if (asksItself(run, hit, project) || comesTooLate(hit, run)) continue;
        const [root] = hit.stack;
        if (root?.as === "callback" && isOfAnother(root.fn, run, project)) continue;
        const loss = losesAtExit(run, hit, strict);
        if (!loss || floatsBefore(run, hit, project) || isClosedElsewhere(run, hit, project)) continue;
        if (isGivenBesideCloser(hit, run, project)) continue;
        reports.set(hit.call, report(run, hit, loss));
      }
    }
    return [...reports.values()];
  },
};

function report(run: Run, hit: Hit, loss: Loss): RunReport {
  const exit = hit.value?.v === "exit" ? hit.value.name.replace(/^\S+ (?=\S)/, "") : "This exit";
  const listener = hit.stack.findLast((s) => s.as === "listener");
  const why: Because[] = [];
  if (loss.start)
    why.push({ fn: loss.start.fn, at: loss.start.at, message: `${loss.vendor} is started here` });
  if (hit.captured && has(hit.states, State.Captured))
    why.push({ fn: hit.captured.fn, at: hit.captured.call.at, message: "something is captured here" });
  if (listener?.call) {
    const holder = hit.stack[hit.stack.indexOf(listener) - 1]?.fn ?? listener.fn.parent ?? listener.fn;
    why.push({
      fn: holder,
      at: listener.call.at,
      message: `runs on ${listener.event ?? "an event"}, registered here`,
    });
  }
  why.push({ fn: hit.fn, at: hit.at, message: "the process ends here" });
  return {
    rule: noExitBeforeFlush.name,
    level: noExitBeforeFlush.level,
    module: hit.fn.module,
    at: hit.at,
    fn: hit.fn,
    message: `${exit}() ends the process ${loss.reason}; wait for a flush or shutdown first.`,
    why,
    call: hit.call,
    hit,
  };
}
