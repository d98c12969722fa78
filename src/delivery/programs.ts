import type { Entry } from "../program/index/types.js";
import type { Project } from "../program/project.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Run } from "../program/program.js";
import type { Fn, Span } from "../syntax/ir.js";
import { expressionsIn } from "../chain/walk.js";
import type { Started } from "./follow.js";

/** What a signal that never arrives is lost to: a program that records telemetry, or one that listens for the signal. */
export interface Listener {
  /** The vendors that the program starts. */
  vendors: string[];
  /** Where it starts the first of them, or listens. */
  fn: Fn;
  at: Span;
  why: string;
}

/** The programs behind what a container starts, as far as a signal matters to them. */
export function listenersIn(started: Started, project: Project): Listener | undefined {
  const runs = project.runs().filter((run) => isStarted(run, started, project));
  for (const run of runs) {
    const [first] = run.started.values();
    if (!first) continue;
    const vendors = [...run.started.keys()].map((vendor) => vendor.name);
    return { vendors, fn: first.fn, at: first.at, why: `${vendors[0] ?? "telemetry"} is started here` };
  }
  for (const entry of started.entries) {
    const listens = listensForSigterm(entry, project);
    if (listens) return { vendors: [], ...listens, why: "SIGTERM is listened for here" };
  }
  return undefined;
}

/** Whether a program is what a container comes to run, and one that a signal ends. */
export function isStarted(
  run: Run,
  { entries, framework, package: dir }: Started,
  project: Project,
): boolean {
  if (lifespanOf(run, project) === "one-shot") return false;
  if (entries.some((entry) => run.entries.some((e) => e.file === entry.file))) return true;
  if (dir !== undefined)
    return lifespanOf(run, project) === "service" && project.index.packageOf(run.entry.file)?.dir === dir;
  return (
    framework !== undefined &&
    run.entries.some((e) => e.reason === "framework" && project.index.packageOf(e.file)?.dir === framework)
  );
}

const SIGTERM = /["'`]SIGTERM["'`]/;

/** A listener for SIGTERM in a program that starts no telemetry that we know. */
function listensForSigterm(entry: Entry, project: Project): { fn: Fn; at: Span } | undefined {
  for (const file of project.index.evaluationOrder(entry)) {
    if (!project.index.scan(file).endings || !SIGTERM.test(project.index.read(file) ?? "")) continue;
    const module = project.module(file);
    if (!module) continue;
    for (const { e, fn } of expressionsIn(module)) {
      if (e.k !== "call" || e.callee.k !== "mem" || !/^(on|once|addListener)$/.test(e.callee.p ?? ""))
        continue;
      const [event] = e.args;
      const of = project.values.of(e.callee.o, module);
      if (
        event?.k === "lit" &&
        event.v === "SIGTERM" &&
        of.some((v) => v.v === "global" && v.path === "process")
      )
        return { fn, at: e.at };
    }
  }
  return undefined;
}
