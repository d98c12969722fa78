import type { Hit } from "../flow/world.js";
import { evaluate, type Edge } from "../loading/evaluation.js";
import { importPlace, lateStarts, topOf, type TopPlace } from "../loading/late.js";
import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import { ONE_PURPOSE, type Run } from "../program/program.js";
import { says } from "../program/says.js";
import type { Call, Expr, Fn } from "../syntax/ir.js";

/** A meter that a file gets while it is loaded. */
export interface Meter {
  call: Call;
  fn: Fn;
}

/** What gives the global meter provider something to record with. */
const setsProvider = /\bmetricReaders?\b|\bsetGlobalMeterProvider\b/;
const getMeter = "getMeter";
const packages = /^@opentelemetry\/(api|sdk-node)$/;

/**
 * Meters that are made before the provider: the API hands out one that does nothing, and so do its instruments for good (API 1.9.1
 * and 1.10.0; tracers and loggers find their provider later).
 */
export function earlyMeters(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const run of project.runs()) {
    const lifespan = lifespanOf(run, project);
    if (lifespan === "library" || lifespan === "invocation" || run.preloaded.length > 0) continue;
    if (ONE_PURPOSE.test(run.entry.file)) continue;
    const start = providerStart(run, project);
    const top = start && topOf(start);
    if (!start || !top) continue;
    for (const { call, fn } of metersOf(run, project)) {
      const key = `${fn.module.file}:${String(call.at[0])}`;
      const path = found.has(key) ? undefined : pathBefore({ call, fn }, top, run, project);
      if (!path || isReported(start, project)) continue;
      const [edge] = path;
      const loaded = edge && importPlace(edge.file, edge.specifier, "the entry loads it here", project);
      found.set(key, {
        kind: "chain-break",
        check: "early-meter",
        fn,
        at: call.at,
        call,
        names: [run.entry.file],
        others: [
          ...(loaded ?? []),
          { fn: start.fn, at: start.at, message: "OpenTelemetry is started here, later" },
        ],
      });
    }
  }
  return [...found.values()];
}

/** The one start that sets a meter provider; undefined where there are several. */
export function providerStart(run: Run, project: Project): Hit | undefined {
  const starts = run.hits.filter(
    (h) =>
      h.kind === "start" &&
      h.vendor?.name === "OpenTelemetry" &&
      says(h.fn.module.file, setsProvider, project),
  );
  const files = new Set(
    [...run.files].filter((f) => !project.index.isTest(f) && says(f, setsProvider, project)),
  );
  return files.size === 1 && new Set(starts.map((h) => h.fn.module.file)).size === 1 ? starts[0] : undefined;
}

/** Meters of the global provider that the files of a program get at their top level and use. */
function metersOf(run: Run, project: Project): Meter[] {
  return [...run.files].sort().flatMap((file) => {
    if (project.index.isTest(file) || !says(file, getMeter, project)) return [];
    return (project.module(file)?.calls ?? []).filter(
      ({ call, fn }) => fn.kind === "module" && call.callee.k === "mem" && isGlobal(call.callee),
    );
  });
}

/** `metrics.getMeter` of the API. */
function isGlobal({ o, p }: Expr & { k: "mem" }): boolean {
  if (p !== getMeter) return false;
  if (o.k === "id") {
    const from = o.bind?.from;
    const [value] = o.bind?.values ?? [];
    return from
      ? from.name === "metrics" && packages.test(from.specifier)
      : value?.k === "mem" && value.p === "metrics" && isApi(value.o);
  }
  return o.k === "mem" && o.p === "metrics" && isApi(o.o);
}

function isApi(e: Expr): boolean {
  if (e.k === "import") return e.specifier !== undefined && packages.test(e.specifier);
  const from = e.k === "id" ? e.bind?.from : undefined;
  const [value] = e.k === "id" ? (e.bind?.values ?? []) : [];
  if (from) return packages.test(from.specifier);
  return value?.k === "import" && value.specifier !== undefined && packages.test(value.specifier);
}

/** The imports by which the entry comes to a meter before the SDK is started; undefined where the SDK comes first. */
function pathBefore(
  { call, fn }: Meter,
  top: TopPlace,
  run: Run,
  project: Project,
): readonly Edge[] | undefined {
  const { file } = fn.module;
  const offsets = file === top.module.file ? [call.at[0], top.offset] : [call.at[0]];
  const moments = new Map([
    [top.module.file, [top.offset]],
    [file, offsets],
  ]);
  const events = evaluate(run.entry, moments, project);
  const at = (path: string, offset: number): number =>
    events.findIndex((e) => e.kind === "moment" && e.file === path && e.offset === offset);
  const started = at(top.module.file, top.offset);
  const made = at(file, call.at[0]);
  if (made < 0 || started < 0 || (!top.later && made > started)) return undefined;
  return events[made]?.path;
}

/** The start comes too late for more than its meters, and that is said already. */
const isReported = (start: Hit, project: Project): boolean =>
  lateStarts(project).some((late) => late.call !== undefined && late.call === start.call);
