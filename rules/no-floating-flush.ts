import { floatingInInvocation } from "../src/invocation/floating.js";
import { floatingFlushes, type Floating } from "../src/ending/floating.js";
import { latchedFlushes } from "../src/ending/latches.js";
import type { Because, RunReport, Rule } from "../src/program/view.js";

/** A flush or close whose end nobody waits for, or that cannot run where it stands. */
export const noFloatingFlush: Rule<RunReport> = {
  name: "no-floating-flush",
  level: "error",
  summary: "Nobody waits for the end of a flush or shutdown, or it cannot run where it stands.",
  recommended: true,
  fixable: true,
  check(project, { strict }) {
    const reports = new Map<object, RunReport>();
    // where the platform runs the function, its own way of waiting is to be told
    const told = new Set(floatingInInvocation(project).flatMap((f) => (f.strict && !strict ? [] : [f.call])));
    for (const run of project.runs())
      for (const found of [...floatingFlushes(run, project), ...(strict ? latchedFlushes(run, project) : [])])
        if (!reports.has(found.call) && !told.has(found.call) && !project.index.isTest(found.fn.module.file))
          reports.set(found.call, report(found));
    return [...reports.values()];
  },
};

const SHAPES: Record<Floating["shape"], (what: string, name: string) => string> = {
  dropped: (what, name) =>
    `Nobody waits for ${what}, so the process ends before ${name} has sent what it buffered; await it, up to the caller that ends the process.`,
  each: (what, name) =>
    `The promises of ${what} are dropped one by one, so nobody waits until ${name} has sent what it buffered; await Promise.all of them.`,
  "nothing-to-await": (what, name) =>
    `Awaiting ${what} waits for nothing: it tells its end in another way, so ${name} may not have sent anything yet.`,
  "exit-listener": (what, name) =>
    `An exit listener runs synchronous code only, so ${what} never finishes and what ${name} has buffered is lost; do it before the exit.`,
  executor: (what, name) =>
    `${what} runs in an async promise executor that nobody waits for, so the promise may settle before ${name} has sent anything; await it outside.`,
  "inside-span": (what, name) =>
    `${what} runs inside a span that has not ended, so ${name} does not send that span; flush after it.`,
  "wrong-link": (what, name) =>
    `${what} flushes the exporter, and what ${name} has buffered is still queued in the processor before it; flush the provider.`,
  "passed-exit": (what) =>
    `The result of ${what} becomes the exit code, which process.exit() refuses; pass a function that exits with a code.`,
  latch: (what, name) =>
    `A second caller returns while ${what} of the first is still under way, so what ${name} has buffered is lost when it exits; share one closing promise.`,
};

function report(found: Floating): RunReport {
  const { flush, shape, call, fn, at, ending } = found;
  const name = flush.vendor?.name ?? "telemetry";
  const what = flush.value?.v === "member" ? `${flush.value.member.name}()` : nameOf(found);
  const why: Because[] = [];
  if (ending?.call && ending.call !== call)
    why.push({ fn: ending.fn, at: ending.call.at, message: "the ending that runs it is registered here" });
  if (flush.call && flush.call !== call)
    why.push({ fn: flush.fn, at: flush.at, message: `${name} is flushed here` });
  why.push({ fn, at, message: "its end is lost here" });
  return {
    rule: noFloatingFlush.name,
    level: noFloatingFlush.level,
    module: fn.module,
    at,
    fn,
    message: SHAPES[shape](what, name),
    why,
    call,
    hit: flush,
    details: found,
  };
}

function nameOf({ flush }: Floating): string {
  const { value } = flush;
  return value?.v === "sdk" && value.sdk.is === "call"
    ? `${value.sdk.name}()`
    : `${flush.facts?.role ?? "flush"}()`;
}
