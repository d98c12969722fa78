import type { Hit } from "../flow/world.js";
import type { Call, Fn } from "../syntax/ir.js";
import { areAlternatives, leavesBefore } from "../program/branches.js";
import type { Competing } from "./competing.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { callsOf } from "../program/reach.js";
import { isStatement } from "./uncalled.js";
import { unboundedShutdowns } from "../deadline/unbounded.js";
import { isFlush, isRaced, waitsForever } from "../deadline/waits.js";

/** Methods that let another process (or thread) go, by the module that makes it. */
const RELEASES: readonly { module: RegExp; path: RegExp }[] = [
  { module: /^(node:)?child_process$/, path: /^(default\.)?(fork|spawn|exec|execFile)\.(kill|disconnect)$/ },
  { module: /^(node:)?worker_threads$/, path: /^(default\.)?Worker\(\)\.terminate$/ },
  { module: /^(node:)?cluster$/, path: /^(default\.)?disconnect$/ },
];

/** Telemetry that is waited for without a limit, on the main path, before a step that lets another process go. */
export function heldProcesses(run: Run, project: Project): Competing[] {
  const flushes = run.hits.filter(isFlush).filter((h) => !h.inTimer && waitsForever(h, project, false));
  // a timer ends the process in any case
  if (flushes.length === 0 || run.hits.some((h) => h.kind === "exit" && h.inTimer)) return [];
  // the wait is a bug by itself there: one bug, one finding
  const told = new Set(unboundedShutdowns(run, project, false).map((u) => u.flush.call));
  return flushes.flatMap((close): Competing[] => {
    if (told.has(close.call)) return [];
    const found = holding(close, run, project);
    return found
      ? [{ kind: "competing-shutdown", shape: "held", ending: undefined, other: undefined, close, ...found }]
      : [];
  });
}

type Place = Pick<Competing, "at" | "call" | "fn" | "release">;

/** The innermost call on the way to the flush that is awaited before such a step of the same function. */
function holding(close: Hit & { call: Call }, run: Run, project: Project): Place | undefined {
  const { stack } = close;
  let call: Call | undefined = close.call;
  for (let i = stack.length - 1; i >= 0 && call; i--) {
    const step = stack[i];
    const fn = step?.fn;
    if (!fn || isRaced(call, fn)) return undefined;
    const awaited = isStatement(call, fn.body) && !isStatement(call, fn.body, false);
    const at = call.at;
    const release: Call | undefined = awaited
      ? callsOf(fn).find((c) => c.at[0] >= at[1] && letsGo(c, fn, project) && follows(c, at, fn, run))
      : undefined;
    if (release) return { at, call, fn, release: { call: release, fn } };
    // dropped on the way: nobody waits
    if (isStatement(call, fn.body, false) || step.as !== "call") return undefined;
    call = step.call;
  }
  return undefined;
}

/** On the same path, with no exit in between. */
function follows(release: Call, at: Call["at"], fn: Fn, run: Run): boolean {
  const exits = run.hits.filter((h) => h.kind === "exit" && h.fn === fn).map((h) => h.at);
  if (exits.some((e) => at[1] <= e[0] && e[1] <= release.at[0])) return false;
  return !areAlternatives(fn.body, at, release.at) && !leavesBefore(fn.body, at, release.at, exits);
}

const letsGo = (call: Call, { module }: Fn, project: Project): boolean =>
  project.values.callee(call.callee, module).some((v) => {
    if (v.v === "global") return v.path === "process.disconnect";
    return v.v === "package" && RELEASES.some((r) => r.module.test(v.specifier) && r.path.test(v.path));
  });
