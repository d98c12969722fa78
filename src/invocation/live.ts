import type { Hit } from "../flow/world.js";
import { invocationWrappers } from "../knowledge/invocation-sdks.js";
import { platforms } from "../knowledge/invocations.js";
import type { Vendor } from "../knowledge/schema.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { invocationsIn, type Invocation } from "./handlers.js";
import { servedRoutes } from "./served.js";
import { runOf, type InvocationRun } from "./run.js";

/** An invocation of a program that starts telemetry. */
export interface LiveInvocation {
  invocation: Invocation;
  /** What its own paths meet. */
  own: InvocationRun;
  program: Run;
  /** Every file that the entry can load through which the platform comes to it. */
  reach: ReadonlySet<string>;
}

/** Every invocation of the project that belongs to a program with telemetry, once. Cached. */
export function liveInvocations(project: Project): readonly LiveInvocation[] {
  let known = cache.get(project);
  if (!known) cache.set(project, (known = find(project)));
  return known;
}

const cache = new WeakMap<Project, readonly LiveInvocation[]>();

function find(project: Project): LiveInvocation[] {
  const found = new Map<Invocation, LiveInvocation>();
  const programs = project.runs();
  const modules = [...project.marks.modules.keys()].filter((module) => !project.index.isTest(module.file));
  for (const program of programs) {
    const routes = servedRoutes(program, project);
    // one program stands for every entry that loads the same files of any matter
    for (const entry of program.entries) {
      const reach = entry === program.entry ? program.files : project.reach(entry);
      for (const module of modules) {
        if (!reach.has(module.file)) continue;
        for (const invocation of [
          ...invocationsIn(module, project),
          ...routes.filter((r) => r.fn.module === module),
        ]) {
          const live = { invocation, own: runOf(invocation, project), program, reach };
          const known = found.get(invocation);
          if (!known || (!startsAnything(known) && startsAnything(live))) found.set(invocation, live);
        }
      }
    }
  }
  return [...found.values()];
}

const startsAnything = ({ own, program, reach }: LiveInvocation): boolean =>
  [...own.hits, ...program.hits].some((h) => h.kind === "start" && isWithin(h, reach));

/** What leads to a hit begins in one of these files. */
const isWithin = ({ stack, fn }: Hit, files: ReadonlySet<string>): boolean =>
  files.has((stack[0]?.fn ?? fn).module.file);

/** Whether the platform stops the process when the function has answered. */
export const isFrozenAfter = ({ platform }: Invocation): boolean => !("goesOn" in platforms[platform]);

/** `withSentry(options, handler)`: a wrapper that starts the SDK for each event. */
export const isWrapperOfSentry = ({ kind, value }: Hit): boolean =>
  kind === "start" &&
  value?.v === "sdk" &&
  value.sdk.is === "call" &&
  value.sdk.vendor.name === "Sentry" &&
  startingWrappers.has(value.sdk.name);

const startingWrappers = new Set(invocationWrappers.filter((w) => w.vendor === "Sentry").map((w) => w.path));

/** Where the program, or the invocation itself, starts a vendor. */
export const startsOf = (vendor: Vendor, { own, program, reach }: LiveInvocation): Hit[] =>
  [...own.hits, ...program.hits].filter(
    (h) => h.kind === "start" && h.vendor === vendor && isWithin(h, reach),
  );
