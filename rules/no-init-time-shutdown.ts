import { has, State } from "../src/flow/state.js";
import type { Hit } from "../src/flow/world.js";
import { closedPart, closesSharedClient, overBeforeItBegan } from "../src/program/closings.js";
import type { Run } from "../src/program/program.js";
import type { Because, Report, Rule } from "../src/program/view.js";
import type { Call, Fn } from "../src/syntax/ir.js";
import type { Level } from "../src/finding.js";

/** Telemetry is closed in the code that starts it, or closed in a way that cannot send anything. */
export const noInitTimeShutdown: Rule = {
  name: "no-init-time-shutdown",
  level: "error",
  summary: "Telemetry is closed in the code that starts it, so everything after is lost.",
  recommended: true,
  fixable: true,
  check(project) {
    const reports = new Map<object, Report>();
    for (const run of project.runs()) {
      const worked = closedAfterWork(run);
      for (const hit of run.hits) {
        if (hit.kind !== "flush" || !hit.call || project.index.isTest(hit.fn.module.file)) continue;
        const found = judge(run, hit, worked);
        const call = found && (found.at ?? hit.call);
        if (found && call && !reports.has(call)) reports.set(call, report(hit, found));
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

/** Calls that are reached after work as well, on another path: the `finally` of a job, the last line of a script. */
function closedAfterWork(run: Run): Set<Call> {
  const found = new Set<Call>();
  for (const hit of run.hits) {
    if (hit.kind !== "flush" || inListener(hit) || !has(hit.states, State.Worked | State.Captured)) continue;
    const start = hit.vendor && run.started.get(hit.vendor);
    const place = start && callSeeingStart(hit, start);
    if (place) found.add(place.call);
  }
  return found;
}

const inListener = (hit: Hit): boolean => hit.inTimer || hit.stack.some((s) => s.as === "listener");

function judge(run: Run, hit: Hit, worked: Set<Call>): Verdict | undefined {
  const name = hit.vendor?.name ?? "Telemetry";
  const what = hit.value?.v === "member" ? `${hit.value.member.name}()` : `${hit.facts?.role ?? "close"}()`;
  const over = overBeforeItBegan(hit);
  if (over) return { level: "error", message: `${what} is given ${over}, so it gives up before ${name} has sent anything; give it time.`, why: [] };
  if (inListener(hit)) return shared(hit, name, what);
  const part = closedPart(hit);
  if (part) {
    return {
      level: part.part === "exporter" ? "warning" : "error",
      message: `${what} closes the ${part.part} while it is being set up, before anything was sent through it; close it when the program ends.`,
      why: [{ fn: hit.fn, at: part.use.at, message: `the ${part.part} is handed on here` }],
    };
  }
  return premature(run, hit, name, what, worked) ?? shared(hit, name, what);
}

/** Closed right where it was started, while the program goes on. */
function premature(run: Run, hit: Hit, name: string, what: string, worked: Set<Call>): Verdict | undefined {
  if (!hit.vendor || !has(hit.states, State.Quiet | State.Background)) return undefined;
  const flushOnly = hit.facts?.role === "flush";
  if (flushOnly && !has(hit.states, State.Background)) return undefined;
  const start = run.started.get(hit.vendor);
  if (!start || hit.guards > start.guards) return undefined;
  const level = flushOnly ? "warning" : "error";
  const place = callSeeingStart(hit, start);
  if (!place || worked.has(place.call)) return undefined;
  return {
    level,
    message: flushOnly
      ? `${what} runs while ${name} is set up, when nothing is recorded yet; flush when the program ends.`
      : `${what} closes ${name} in the code that starts it, so all that follows is lost; close it when the program ends.`,
    why: [{ fn: start.fn, at: start.at, message: `${name} is started here` }],
    at: place.call,
    fn: place.fn,
  };
}

/** The call in the function (or top level) that both starts and closes: a helper that only closes is not to blame. */
function callSeeingStart(hit: Hit, start: Hit): { call: Call; fn: Fn } | undefined {
  if (!hit.call) return undefined;
  let call = hit.call;
  let fn = hit.fn;
  for (let i = hit.stack.length - 1; i >= 0; i--) {
    if (fn === start.fn || fn.kind === "module") return { call, fn };
    const step = hit.stack[i];
    const below = hit.stack[i - 1];
    if (!step?.call || !below) return undefined;
    if (start.stack.some((s) => s.fn === fn)) return { call, fn };
    call = step.call;
    fn = below.fn;
  }
  return fn === start.fn || fn.kind === "module" ? { call, fn } : undefined;
}

/** A terminal close used as a flush on a client that later events need. */
function shared(hit: Hit, name: string, what: string): Verdict | undefined {
  const capture = closesSharedClient(hit);
  return (
    capture && {
      level: "error",
      message: `${what} ends a client of ${name} that later events need; flush here and close it when the program ends.`,
      why: [{ fn: hit.fn, at: capture.at, message: "something is captured here, again and again" }],
    }
  );
}

function report(hit: Hit, found: Verdict): Report {
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
