import type { Hit } from "../flow/world.js";
import type { Vendor } from "../knowledge/schema.js";
import type { Project } from "../program/project.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Run } from "../program/program.js";
import type { Fn, Span } from "../syntax/ir.js";
import type { Started } from "./follow.js";
import { listensForSigterm, serverThatDrains } from "./listens.js";

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
    const there = [...run.started].filter(([vendor, start]) => isInstalled(vendor, start, project));
    const first = there[0]?.[1];
    if (!first) continue;
    const vendors = there.map(([vendor]) => vendor.name);
    return { vendors, fn: first.fn, at: first.at, why: `${vendors[0] ?? "telemetry"} is started here` };
  }
  for (const entry of started.entries) {
    const listens = listensForSigterm(entry, project);
    if (listens) return { vendors: [], ...listens, why: "SIGTERM is listened for here" };
  }
  const server = serverThatDrains(started, project);
  return server && { vendors: [], ...server, why: "its server listens for SIGTERM and lets requests end" };
}

/** `try { require("newrelic") } catch {}` starts it where a package asks for it. */
function isInstalled({ packages }: Vendor, { fn }: Hit, project: Project): boolean {
  const { index } = project;
  const names = packages.flatMap(({ specifiers }) => specifiers);
  return [index.packageOf(fn.module.file)?.json, index.packageOf("package.json")?.json].some((json) =>
    [json?.dependencies, json?.devDependencies, json?.optionalDependencies, json?.peerDependencies].some(
      (list) => names.some((name) => list?.[name] !== undefined),
    ),
  );
}

/** Whether a program is what a container comes to run, and one that a signal ends. */
export const isStarted = (run: Run, started: Started, project: Project): boolean =>
  lifespanOf(run, project) !== "one-shot" && isRun(run, started, project);

/** Whether a program is what a container comes to run. */
export function isRun(run: Run, { entries, framework, package: dir }: Started, project: Project): boolean {
  if (entries.some((entry) => run.entries.some((e) => e.file === entry.file))) return true;
  if (dir !== undefined)
    return lifespanOf(run, project) === "service" && project.index.packageOf(run.entry.file)?.dir === dir;
  return (
    framework !== undefined &&
    run.entries.some((e) => e.reason === "framework" && project.index.packageOf(e.file)?.dir === framework)
  );
}
