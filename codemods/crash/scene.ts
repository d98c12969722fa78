import type { CrashFacts } from "../../src/knowledge/schema.js";
import { factsOf } from "../../src/crash/covered.js";
import type { CrashLoss } from "../../src/program/details.js";
import { type Lifespan, lifespanOf } from "../../src/program/lifespan.js";
import type { Run } from "../../src/program/program.js";
import type { Project } from "../../src/program/project.js";
import type { RunReport } from "../../src/program/view.js";
import type { Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { openSource, type Source } from "../edit/source.js";
import { chooseFlush, type Flush } from "../flush/choose.js";
import type { Lost } from "../flush/loss.js";

/** A failure that reaches no telemetry, with what its repair has to know of the program around it. */
export interface Scene {
  project: Project;
  details: CrashLoss;
  /** What the SDK does about errors. */
  facts: CrashFacts;
  /** A program that is hit, its telemetry, and where that is started. */
  lost: Lost;
  lifespan: Lifespan;
}

/** Undefined where the details are of another kind, or no program is known that runs the place. */
export function sceneOf(report: RunReport, project: Project): Scene | undefined {
  const { details } = report;
  if (details?.kind !== "crash-loss") return undefined;
  const { vendor } = details;
  const run = runOf(project, details);
  const start = details.start ?? run?.started.get(vendor);
  const facts = start ? factsOf(vendor, start, project) : vendor.crash;
  if (!run || !facts) return undefined;
  return { project, details, facts, lost: { vendor, start, run }, lifespan: lifespanOf(run, project) };
}

function runOf(project: Project, { fn, vendor }: CrashLoss): Run | undefined {
  const { file } = fn.module;
  const all = project.runs();
  const starts = (run: Run): boolean => run.started.has(vendor);
  const around = all.filter((run) => run.files.has(file) || run.entry.file === file);
  // where the program itself never starts it, another one of the project does
  return around.find(starts) ?? around[0] ?? all.find(starts);
}

/** A file of the program and its module; undefined when it cannot be read or parsed. */
export function openAt(
  { project }: Pick<Scene, "project">,
  fn: Fn,
): { source: Source; module: Module } | undefined {
  const source = openSource(project, fn.module.file);
  return source && { source, module: fn.module };
}

/** The functions around a place and the place's own: to call one of them there would not end. */
export function functionsAround(fn: Fn): Set<Fn> {
  const around = new Set<Fn>();
  for (let at: Fn | undefined = fn.parent; at; at = at.parent) around.add(at);
  return around.add(fn);
}

/** The best way to send what is buffered at a node; undefined when the program offers none. */
export const flushAt = (scene: Scene, source: Source, node: Node, fn: Fn): Flush | undefined =>
  chooseFlush(scene.project, source, node, scene.lost, functionsAround(fn));
