import { State } from "../flow/state.js";
import type { Hit } from "../flow/world.js";
import type { Vendor } from "../knowledge/schema.js";
import type { CrashLoss } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";

/** Captures of one program that come before the SDK is started, or in a process that never starts it. */
export function unstartedCaptures(run: Run, project: Project): CrashLoss[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || lifespan === "invocation" || run.preloaded.length > 0) return [];
  const seen = new Set<Vendor>();
  return run.hits.flatMap((hit) => {
    const { vendor } = hit;
    if (hit.kind !== "capture" || !vendor?.crash?.reporter || seen.has(vendor)) return [];
    const start = run.started.get(vendor);
    const lost = start
      ? isOnPath(hit) && isBefore(hit, start, run, project)
      : isOwn(hit, run) && isNever(vendor, run, project);
    if (!lost) return [];
    seen.add(vendor);
    return [lossOf(hit, vendor, start)];
  });
}

/** Met at the top level on the way from the entry, before anything was started: behind an `await` the rest of the entry has run. */
const isOnPath = (hit: Hit): boolean =>
  hit.stack[0]?.as === "entry" &&
  hit.stack.every((s) => s.as === "entry" || s.as === "call") &&
  [hit.fn, ...hit.stack.map((s) => s.fn)].every((fn) => fn.kind === "module" || !fn.async);

/** On no way to it anything was started, and the start comes later on the same way from the entry. */
const isBefore = (hit: Hit, start: Hit, run: Run, project: Project): boolean =>
  run.hits.every((h) => h.call !== hit.call || h.states === State.Idle) &&
  run.hits.indexOf(hit) < run.hits.indexOf(start) &&
  start.stack[0]?.as === "entry" &&
  !standsAbove(start, hit, project);

/**
 * The start stands above an import that may lead to the capture, in a file that is not surely an ES module: compiled to CommonJS
 * the import stays where it is.
 */
function standsAbove({ stack, fn, at }: Hit, hit: Hit, { index }: Project): boolean {
  const top = [...stack.map((s) => s.fn), fn].find((f) => f.kind === "module");
  if (!top || hit.fn.module === top.module) return false;
  const { file, imports } = top.module;
  const native = /\.m[jt]s$/.test(file) || index.packageOf(file)?.json?.type === "module";
  const place = fn === top ? at : (stack[stack.findIndex((s) => s.fn === top) + 1]?.call?.at ?? at);
  return !native && imports.some((i) => !i.typeOnly && i.at[0] > place[0]);
}

/** It stands in the entry itself: what a helper captures is for whoever loads it to start. */
const isOwn = (hit: Hit, run: Run): boolean =>
  hit.stack[0]?.as === "entry" && hit.fn.module.file === run.entry.file;

const STARTS_ELSEWHERE = /sentry|telemetry|instrument|observab|monitor|tracing|bugsnag|rollbar|honeybadger/i;
/** Entries that are a process of their own, and not loaded by anybody. */
const PROCESSES = new Set(["bin", "script", "dockerfile", "procfile", "unit", "pm2", "worker"]);

/** No file of the program starts it, by any name, and others of the project do. */
function isNever(vendor: Vendor, run: Run, project: Project): boolean {
  const { index } = project;
  if (!PROCESSES.has(run.entry.reason) || index.entries().some((e) => e.preloads.length > 0)) return false;
  const elsewhere = project.runs().filter((r) => r.started.has(vendor));
  // a file that nobody imports is loaded by its folder: a hook, a plugin, a configuration
  const home = index.packageOf(run.entry.file)?.dir;
  const byFolder = (r: Run): boolean =>
    r.entry.reason === "root" && index.packageOf(r.entry.file)?.dir === home;
  if (elsewhere.length === 0 || elsewhere.some(byFolder)) return false;
  return [...run.files].every(
    (file) =>
      !/\binit\s*\(|\.start\s*\(|\.install\s*\(/.test(index.read(file) ?? "") &&
      index
        .scan(file)
        .imports.every(
          (i) =>
            index.resolve(file, i.specifier) !== undefined ||
            project.lookup.package(i.specifier) !== undefined ||
            !STARTS_ELSEWHERE.test(i.specifier),
        ),
  );
}

function lossOf(hit: Hit, vendor: Vendor, start: Hit | undefined): CrashLoss {
  const about = { kind: "crash-loss" as const, vendor, start };
  const [first, second] = hit.stack;
  // the call at the top level that comes too early, not the helper that captures
  if (start && first?.fn.kind === "module" && second?.call)
    return { ...about, shape: "before-init", fn: first.fn, call: second.call, at: second.call.at };
  return { ...about, shape: start ? "before-init" : "no-init", fn: hit.fn, call: hit.call, at: hit.at };
}
