import type { Hit } from "../flow/world.js";
import {
  closesWithoutCollecting,
  firstThatCollects,
  flushCollects,
  takesReaders,
} from "../knowledge/reader-shutdown.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import type { Call, Fn, Module } from "../syntax/ir.js";
import { dependencyOf, isSurely, rangeOf, type Dependency } from "../versions/installed.js";
import { closesIt, ownerOf } from "./metric-owners.js";
import { exporterGiven, partsOf, type Part } from "./parts.js";
import { specifierOf } from "./protocol.js";

/**
 * A program that shuts down a periodic reader of metrics which does not collect before it closes, and never flushes it: what was
 * counted since the last export is lost. One for each program, at its first shutdown.
 * `names`: the member, the package with its version, the version that collects, `flush` where a flush collects, the class that is
 * shut down. `parts`: the construction of the reader, then every such shutdown where they all stand in one file.
 */
export function closedReaders(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const run of project.runs())
    for (const broken of closedIn(run, project))
      found.set(`${broken.fn.module.file}:${String(broken.at[0])}`, broken);
  return [...found.values()];
}

/** A periodic reader that loses what it holds, and the release that it comes with. */
interface Losing {
  reader: Part;
  dependency: Dependency;
}

function closedIn(run: Run, project: Project): ChainBreak[] {
  const parts = partsOfRun(run, project);
  const losing = parts.flatMap((part) => losingOf(part, project) ?? []);
  if (losing.length === 0 || mayFlush(run, project)) return [];
  const closes = run.hits.filter((h) => isClose(h));
  for (const one of losing) {
    const owner = ownerOf(one.reader, parts, project);
    if (!owner) continue;
    const [first, ...others] = closes.filter((h) => closesIt(h, one.reader, owner, parts, project));
    if (first) return [broken(first, others, one)];
  }
  return [];
}

function broken(first: Hit, others: readonly Hit[], { reader, dependency }: Losing): ChainBreak {
  const { call, fn, at, value } = first;
  const isHere = others.every((h) => h.fn.module === fn.module);
  const calls = isHere ? [first, ...others].flatMap((h) => h.call ?? []) : [];
  return {
    kind: "chain-break",
    check: "reader-shutdown",
    fn,
    at,
    ...(call ? { call } : {}),
    names: [
      "shutdown",
      `\`${dependency.name}\` ${dependency.version ?? rangeOf(dependency)}`,
      firstThatCollects[dependency.name] ?? "",
      isSurely(dependency, flushCollects[dependency.name] ?? "") ? "flush" : "",
      value?.v === "member" ? value.member.cls.name : "",
    ],
    parts: [reader.call, ...new Set(calls)],
    others: [
      { fn: reader.fn, at: reader.call.at, message: "what is counted waits here for its next export" },
    ],
  };
}

/** What the files of a program make of OpenTelemetry. */
const partsOfRun = (run: Run, project: Project): Part[] =>
  [...run.files].sort().flatMap((file) => {
    if (project.index.isTest(file) || !project.index.scan(file).telemetry) return [];
    const module = project.module(file);
    return module ? [...partsOf(module, project)] : [];
  });

/** A periodic reader with an exporter over the network, surely of a version that does not collect at its end. */
function losingOf(part: Part, project: Project): Losing | undefined {
  const { call, fn, name } = part;
  if (name !== "PeriodicExportingMetricReader" || !isOverNetwork(part, project)) return undefined;
  const specifier = specifierOf(call.callee, fn.module);
  const range = specifier === undefined ? undefined : closesWithoutCollecting[specifier];
  const dependency = specifier === undefined ? undefined : dependencyOf(fn.module.file, specifier, project);
  return dependency && range !== undefined && isSurely(dependency, range)
    ? { reader: part, dependency }
    : undefined;
}

function isOverNetwork(reader: Part, project: Project): boolean {
  const given = exporterGiven(reader, project);
  return (
    given !== undefined &&
    project.values
      .of(given, reader.fn.module)
      .some(
        (v) =>
          v.v === "sdk" &&
          v.sdk.is === "handle" &&
          v.sdk.cls.facts.part === "exporter" &&
          v.sdk.cls.facts.buffering !== "none",
      )
  );
}

/** Somebody may have flushed the reader before: any `forceFlush` that is not surely of something else. */
const mayFlush = (run: Run, project: Project): boolean =>
  [...run.files].some(
    (file) =>
      says(file, "forceFlush", project) &&
      !project.index.isTest(file) &&
      project
        .module(file)
        ?.calls.some(({ call, fn }) => !isHandedOn(fn) && flushesMetrics(call, fn.module, project)) !== false,
  );

/** What only exporters and processors of a program's own have. */
const PART = ["export", "onStart", "onEnd", "onEmit"];

/** A part that hands on what it is told waits to be told itself. */
function isHandedOn(fn: Fn): boolean {
  for (let at: Fn | undefined = fn; at; at = at.parent)
    if ((at.kind === "method" && at.name === "forceFlush") || PART.some((m) => at?.cls?.members.has(m)))
      return true;
  return false;
}

function flushesMetrics({ callee }: Call, module: Module, project: Project): boolean {
  if (callee.k !== "mem" || callee.p !== "forceFlush") return false;
  const values = project.values.callee(callee, module);
  return values.length === 0 || values.some((v) => v.v !== "member" || /Met(er|ric)/.test(v.member.cls.name));
}

const isClose = ({ kind, facts, value, vendor }: Hit): boolean =>
  kind === "flush" &&
  facts?.role === "close" &&
  vendor?.name === "OpenTelemetry" &&
  value?.v === "member" &&
  (Object.hasOwn(takesReaders, lastOf(value.member.cls.name)) ||
    lastOf(value.member.cls.name) === "PeriodicExportingMetricReader");

const lastOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
