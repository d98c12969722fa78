import { has, State } from "../flow/state.js";
import type { Hit } from "../flow/world.js";
import { invocationSdks } from "../knowledge/invocation-sdks.js";
import { flushingPackages, platforms, sentryLayer, wrappedBySentry } from "../knowledge/invocations.js";
import type { Vendor } from "../knowledge/schema.js";
import { sendsEachAtOnce } from "../ending/missing.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import { invocationsIn, type Invocation } from "./handlers.js";
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
  for (const program of programs)
    // one program stands for every entry that loads the same files of any matter
    for (const entry of program.entries) {
      const reach = entry === program.entry ? program.files : project.reach(entry);
      for (const module of modules) {
        if (!reach.has(module.file)) continue;
        for (const invocation of invocationsIn(module, project)) {
          const live = { invocation, own: runOf(invocation, project), program, reach };
          const known = found.get(invocation);
          if (!known || (!startsAnything(known) && startsAnything(live))) found.set(invocation, live);
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

/** Vendors whose captures were measured to be lost; agents that write to standard output or to an extension lose none. */
const lostAtFreeze = new Set(invocationSdks.filter((s) => s.atFreeze !== "written").map((s) => s.vendor));

/** Whether what a capture records is lost unless the invocation waits for it. */
export function isLosable(hit: Hit, live: LiveInvocation, project: Project): boolean {
  const { vendor } = hit;
  if (!vendor || !lostAtFreeze.has(vendor.name) || live.program.local.has(vendor)) return false;
  // what gives a promise is waited for, or not, on its own
  if (hit.facts?.style === "promise" && !isSpan(hit)) return false;
  if (!isStarted(vendor, live) || !hasRole(vendor, "flush")) return false;
  if (vendor.name === "Sentry" && isWrappedBySentry(live, project)) return false;
  if (hasFlushingPackage(vendor, live, project)) return false;
  const starts = startsOf(vendor, live);
  return (
    !starts.some((h) => sendsEachAtOnce(h) || isToldToWait(h)) && !sendsSpansAtOnce(vendor, starts, project)
  );
}

/** The program has the Sentry package of a framework, or gives its handlers to a wrapper: both wait for what was captured. */
function isWrappedBySentry({ program, own, reach }: LiveInvocation, project: Project): boolean {
  const files = [...reach].some((file) =>
    project.index.scan(file).imports.some((i) => i.kind !== "type" && wrappedBySentry.test(i.specifier)),
  );
  return files || [...program.hits, ...own.hits].some(isWrapperOfSentry) || hasLayer(project);
}

/** `NODE_OPTIONS` or a layer of the deployment starts Sentry around the handlers. */
const hasLayer = (project: Project): boolean =>
  project.index.manifestFiles.some((file) => /\.ya?ml$/.test(file) && says(file, sentryLayer, project)) ||
  project.index.preloadPackages().some((name) => sentryLayer.test(name));

/** `new PostHog(key, { waitUntil })`: the SDK hands the platform what it sends. */
const isToldToWait = ({ call }: Hit): boolean =>
  call?.args.some((a) => a.k === "obj" && a.props.some((p) => p.name === "waitUntil")) === true;

/** `withSentry(options, handler)`. */
export const isWrapperOfSentry = ({ kind, value }: Hit): boolean =>
  kind === "start" &&
  value?.v === "sdk" &&
  value.sdk.is === "call" &&
  value.sdk.vendor.name === "Sentry" &&
  /^(?:withSentry|sentry)$/.test(value.sdk.name);

const isSpan = ({ vendor }: Hit): boolean => vendor?.name === "OpenTelemetry";

const startsOf = (vendor: Vendor, { own, program, reach }: LiveInvocation): Hit[] =>
  [...own.hits, ...program.hits].filter(
    (h) => h.kind === "start" && h.vendor === vendor && isWithin(h, reach),
  );

const isStarted = (vendor: Vendor, live: LiveInvocation): boolean =>
  (live.program.entry.preloadPackages.length > 0 && live.program.started.has(vendor)) ||
  startsOf(vendor, live).length > 0;

/** The vendor's packages have something that can be waited for. */
const hasRole = (vendor: Vendor, role: string): boolean =>
  vendor.packages.some((p) =>
    Object.values(p.exports).some(
      (e) =>
        (e.kind === "function" && e.role === role) ||
        (e.kind === "class" && Object.values(e.members).some((m) => "role" in m && m.role === role)),
    ),
  );

/** The program has a package that sends what is there before each invocation ends. */
function hasFlushingPackage(
  vendor: Vendor,
  { program, invocation }: LiveInvocation,
  project: Project,
): boolean {
  const { index } = project;
  const relevant = (name: string): boolean =>
    flushingPackages.test(name) && (vendor.name !== "Sentry" || !name.startsWith("@sentry/"));
  const asked = [index.packageOf(invocation.fn.module.file)?.json, index.packageOf(program.entry.file)?.json];
  if (vendor.name === "OpenTelemetry")
    return asked.some((json) =>
      Object.keys({ ...json?.dependencies, ...json?.devDependencies }).some(relevant),
    );
  return false;
}

/** No processor or reader of the program keeps anything: each span is on its way when it has ended. */
function sendsSpansAtOnce(vendor: Vendor, starts: readonly Hit[], project: Project): boolean {
  if (vendor.name !== "OpenTelemetry") return false;
  const modules = new Set(starts.map((h) => h.fn.module));
  const made = [...modules].flatMap((module) =>
    module.calls
      .filter(({ call }) => call.isNew)
      .flatMap(({ call }) => project.values.callee(call.callee, module))
      .flatMap((v) => (v.v === "sdk" && v.sdk.is === "class" ? [v.sdk.cls.facts] : [])),
  );
  // without a processor that is surely a batch nobody knows
  return !made.some((f) => (f.part === "processor" && f.buffering === "batch") || f.part === "sdk");
}

/** Something was captured on a path and nothing was flushed on it. */
export const leavesCaptured = (states: number): boolean => has(states, State.Captured);
