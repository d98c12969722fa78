import { closedPerInvocation } from "../src/invocation/closed.js";
import type { Hit } from "../src/flow/world.js";
import { closedPart, closesSharedClient, overBeforeItBegan } from "../src/ending/closings.js";
import { inListener, prematureClosings, type Premature } from "../src/ending/premature.js";
import type { Run } from "../src/program/program.js";
import type { Because, RunReport, Rule } from "../src/program/view.js";
import type { Call, Fn } from "../src/syntax/ir.js";
import type { Level } from "../src/finding.js";

/** Telemetry is closed in the code that starts it, or closed in a way that cannot send anything. */
export const noInitTimeShutdown: Rule<RunReport> = {
  name: "no-init-time-shutdown",
  level: "error",
  summary: "Telemetry is closed in the code that starts it, so everything after is lost.",
  recommended: true,
  fixable: true,
  check(project) {
    const reports = new Map<object, RunReport>();
    const told = new Set(closedPerInvocation(project).map((f) => f.call));
    for (const run of project.runs()) {
      for (const hit of run.hits) {
        if (hit.kind !== "flush" || !hit.call || project.index.isTest(hit.fn.module.file)) continue;
        const found = judge(run, hit);
        const call = found && (found.at ?? hit.call);
        if (found && call && !reports.has(call) && !told.has(call)) reports.set(call, report(hit, found));
      }
    }
    return [...reports.values()];
  },
};

interface Verdict {
  level: Level;
  message: string;
  why: Because[];
  /** The call to report where it is not the closing one itself. */
  at?: Call;
  fn?: Fn;
}

function judge(run: Run, hit: Hit): Verdict | undefined {
  const name = hit.vendor?.name ?? "Telemetry";
  const what = hit.value?.v === "member" ? `${hit.value.member.name}()` : `${hit.facts?.role ?? "close"}()`;
  const over = overBeforeItBegan(hit);
  if (over)
    return {
      level: "error",
      message: `${what} is given ${over}, so it gives up before ${name} has sent anything; give it time.`,
      why: [],
    };
  if (inListener(hit)) return shared(run, hit, name, what);
  const part = closedPart(hit);
  if (part) {
    return {
      level: part.part === "exporter" ? "warning" : "error",
      message: `${what} closes the ${part.part} while it is being set up, before anything was sent through it; close it when the program ends.`,
      why: [{ fn: hit.fn, at: part.use.at, message: `the ${part.part} is handed on here` }],
    };
  }
  const early = prematureClosings(run).find((p) => p.hit === hit);
  return early ? premature(early, what) : shared(run, hit, name, what);
}

function premature(early: Premature, what: string): Verdict {
  const { name } = early.vendor;
  return {
    level: early.flushOnly ? "warning" : "error",
    message: early.flushOnly
      ? `${what} runs while ${name} is set up, when nothing is recorded yet; flush when the program ends.`
      : `${what} closes ${name} in the code that starts it, so all that follows is lost; close it when the program ends.`,
    why: [{ fn: early.start.fn, at: early.start.at, message: `${name} is started here` }],
    at: early.call,
    fn: early.fn,
  };
}

/** A terminal close used as a flush on a client that later events need. */
function shared(run: Run, hit: Hit, name: string, what: string): Verdict | undefined {
  const capture = closesSharedClient(run, hit);
  return (
    capture && {
      level: "error",
      message: `${what} ends a client of ${name} that later events need; flush here and close it when the program ends.`,
      why: [{ fn: hit.fn, at: capture.at, message: "something is captured here, again and again" }],
    }
  );
}

function report(hit: Hit, found: Verdict): RunReport {
  const call = found.at ?? (hit.call as Call);
  const fn = found.fn ?? hit.fn;
  return {
    rule: noInitTimeShutdown.name,
    level: found.level,
    module: fn.module,
    at: call.at,
    fn,
    message: found.message,
    why: [...found.why, { fn, at: call.at, message: "it is closed here" }],
    call,
    hit,
  };
}
