import { prematureClosings } from "../../src/ending/premature.js";
import type { Project } from "../../src/program/project.js";
import type { Run } from "../../src/program/program.js";
import type { RunReport } from "../../src/program/view.js";
import type { Hit, Step } from "../../src/flow/world.js";
import type { Call, Fn } from "../../src/syntax/ir.js";
import { canBeSame, handleOf, type Handle } from "./handles.js";

/** Events after which a program goes no further. */
const ENDS = /^SIG|exit|close|end|finish|shutdown|quit|stop|disconnect|destroy|dispose/i;
/** Functions that others call to end a program. */
const CLOSES = /shut|clos|flush|stop|end|dispos|destroy|drain|tear|exit/i;

/**
 * Whether a program has an ending that closes or flushes a handle once the closing at fault is gone: a listener, a hook, a
 * function that it exports for others to call, or the last lines of its main path.
 */
export function hasEnding(project: Project, report: RunReport, handle: Handle): boolean {
  for (const run of project.runs()) {
    for (const hit of run.hits) {
      const { call, vendor } = hit;
      if (hit.kind !== "flush" || !call || !vendor || goesThrough(hit, report)) continue;
      if (!canBeSame(handle, handleOf(call, hit.value, vendor.name, hit.fn.module, project))) continue;
      if (isEnding(project, run, hit)) return true;
    }
  }
  return report.call !== report.hit.call && calledElsewhere(project, report);
}

const goesThrough = (hit: Hit, { call }: RunReport): boolean =>
  hit.call === call || hit.stack.some((step) => step.call === call);

function isEnding(project: Project, run: Run, hit: Hit): boolean {
  const isClose = hit.facts?.role === "close";
  if (hit.inTimer) return false;
  const listener = hit.stack.find((step) => step.as === "listener");
  if (listener)
    return listener.event === undefined ? isClose || isOwned(project, listener) : ENDS.test(listener.event);
  if (hit.stack.some((step) => step.call?.callee.k === "mem" && step.call.callee.p === "catch")) return false;
  // a function that no path of the program calls: a hook, or one exported for a host
  const [entry] = hit.stack;
  if (entry?.as === "callback" && entry.call === undefined)
    return isClose || CLOSES.test(entry.fn.name ?? "");
  return (
    hit.guards === 0 && !prematureClosings(run).some((early) => early.hit === hit || early.call === hit.call)
  );
}

/** Handed to a library that ends the process and waits for it. */
const isOwned = (project: Project, { call, fn }: Step): boolean =>
  call !== undefined && project.values.of(call.callee, fn.module).some((v) => v.v === "owner");

/** Whether the function whose call is at fault is called, or handed on, at another place too. */
function calledElsewhere(project: Project, { call, module }: RunReport): boolean {
  if (!call) return false;
  const closers = new Set<Fn>(
    project.values.of(call.callee, module).flatMap((v) => (v.v === "fn" ? [v.fn] : [])),
  );
  const uses = (other: Call, home: Fn["module"]): boolean =>
    [other.callee, ...other.args].some(
      (e) =>
        (e.k === "id" || e.k === "mem") &&
        project.values.of(e, home).some((v) => v.v === "fn" && closers.has(v.fn)),
    );
  for (const home of project.marks.modules.keys())
    for (const { call: other, fn } of home.calls)
      if (other !== call && fn.kind !== "module" && uses(other, home)) return true;
  return false;
}
