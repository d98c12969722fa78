import { autoInstrumented } from "../knowledge/instrumented.js";
import type { ChainBreak } from "../program/details.js";
import { nodeOptionsIn } from "../program/index/entries/tool-settings.js";
import { baseOf } from "../program/index/paths.js";
import type { Entry } from "../program/index/types.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import { importPlace } from "./late.js";
import { injected } from "./not-preloaded.js";
import { isPatched } from "./patched.js";

const api = "@opentelemetry/api";
const records =
  /\.(?:startSpan|startActiveSpan|createCounter|createHistogram|createUpDownCounter|createGauge)\s*\(/;
const threads = /^(?:node:)?(?:worker_threads|child_process|cluster)$|^(?:piscina|tinypool|workerpool)$/;
const startsElsewhere = /telemetry|instrument|observab|monitor|tracing|otel|apm/i;
const patched = new Set(autoInstrumented);

/**
 * Threads and processes of a program that record telemetry, and in which nothing starts it. What a program preloads by flags is
 * preloaded for its threads and forks too, but not where they are given `execArgv` of their own. Measured with Node 20.20, 22.23 and
 * 24.21.
 */
export function untoldWorkers(project: Project): ChainBreak[] {
  if (!project.runs().some((run) => run.started.size + run.preloaded.length > 0)) return [];
  const { index } = project;
  const workers = index.entries().filter((e) => e.reason === "worker" && isAlone(e, project));
  if (workers.length === 0 || index.manifestFiles.some((file) => says(file, injected, project))) return [];
  // what npm puts into the environment is there for everybody
  if (index.manifestFiles.some((file) => baseOf(file) === ".npmrc" && nodeOptionsIn(index.read(file) ?? "")))
    return [];
  return workers.flatMap((worker): ChainBreak[] => {
    const from = worker.where.file;
    if (index.isTest(from) || !index.scan(from).imports.some((i) => threads.test(i.specifier))) return [];
    if (startsAnything(worker, project)) return [];
    const runs = project.runs().filter((run) => run.files.has(from) && isLive(run));
    const [run] = runs;
    if (!run) return [];
    const broken = runs.every(isPreloaded)
      ? withoutFlags(worker, run, project)
      : runs.some(isPreloaded)
        ? undefined
        : withoutStart(worker, run, project);
    return broken ? [broken] : [];
  });
}

/** Nothing else names it, with preloads of its own. */
const isAlone = (worker: Entry, { index }: Project): boolean =>
  index.entries().every((e) => e.file !== worker.file || e === worker);

const isLive = ({ started, preloaded }: Run): boolean =>
  [...started.keys(), ...preloaded].some((vendor) => vendor.name === "OpenTelemetry");

const isPreloaded = ({ entries }: Run): boolean =>
  entries.every((e) => e.preloads.length + e.preloadPackages.length > 0);

/** Its files start some telemetry, or load what may do it. */
function startsAnything(worker: Entry, project: Project): boolean {
  const { index } = project;
  const files = project.reach(worker);
  const starts = project.runs().flatMap(({ started }) => [...started.values()].map((h) => h.fn.module.file));
  return (
    starts.some((file) => files.has(file)) ||
    [...files].some((file) =>
      index.scan(file).imports.some(({ specifier, kind }) => {
        if (kind === "type" || index.resolve(file, specifier) !== undefined) return false;
        const known = project.lookup.package(specifier);
        return known
          ? known.pkg.startsOnImport === true
          : specifier !== api && startsElsewhere.test(specifier);
      }),
    )
  );
}

/** The program starts it by an import, and the worker records by the API alone. */
function withoutStart(worker: Entry, run: Run, project: Project): ChainBreak | undefined {
  const { file } = worker;
  if (!says(file, records, project)) return undefined;
  const [place] = importPlace(file, api, "", project);
  const start = [...run.started].find(([vendor]) => vendor.name === "OpenTelemetry")?.[1];
  if (!place || !start) return undefined;
  return {
    kind: "chain-break",
    check: "worker",
    fn: place.fn,
    at: place.at,
    names: ["start", importOf(start.fn.module.file, run.entry.file, project) ?? "", start.fn.module.file],
    others: [{ fn: start.fn, at: start.at, message: "only this process starts OpenTelemetry" }],
  };
}

/** How the entry imports the file of the start, where that is all that it needs. */
const importOf = (start: string, entry: string, { index }: Project): string | undefined =>
  index.imports(entry).find((edge) => edge.file === start && edge.kind === "static")?.specifier;

/** The program preloads it, and the worker is started with flags of its own. */
function withoutFlags(worker: Entry, run: Run, project: Project): ChainBreak | undefined {
  const { index } = project;
  const needs = [...project.reach(worker)].some((file) =>
    index
      .scan(file)
      .imports.some((i) => i.kind !== "type" && (i.specifier === api || isPatched(i.specifier, patched))),
  );
  const module = needs ? project.module(worker.where.file) : undefined;
  for (const { call, fn } of module?.calls ?? []) {
    if (!module || !names(call, worker, fn, project)) continue;
    // a step that is run on its own may be left untraced; one that makes spans is not meant to be
    const words = says(worker.file, records, project) ? wordsOf(call, module, project) : undefined;
    if (words) return { kind: "chain-break", check: "worker", fn, at: words.at, call, names: ["spawn"] };
    const flags = flagsOf(call, module, project);
    if (!flags) continue;
    return { kind: "chain-break", check: "worker", fn, at: flags.at, call, names: ["flags"] };
  }
  return undefined;
}

/** `execArgv` of a thread or a fork, where it is written out and takes nothing over. */
function flagsOf(call: Call, module: Module, project: Project): (Expr & { k: "arr" }) | undefined {
  const [callee] = project.values.callee(call.callee, module);
  if (callee?.v !== "package" || !threads.test(callee.specifier)) return undefined;
  if (callee.path !== "Worker" && callee.path !== "fork") return undefined;
  const options = call.args.at(-1);
  if (options?.k !== "obj" || options.props.some((p) => p.name === undefined)) return undefined;
  const flags = options.props.findLast((p) => p.name === "execArgv")?.value;
  if (flags?.k !== "arr") return undefined;
  const isPlain = (e: Expr): boolean =>
    e.k === "lit" && typeof e.v === "string" && !/^(?:-r|--require|--import)\b/.test(e.v);
  return flags.items.every(isPlain) ? flags : undefined;
}

/** The arguments of `spawn(process.execPath, ["x.js"])`, which hands on no flags: none of them, nor its environment, preloads anything. */
function wordsOf(call: Call, module: Module, project: Project): (Expr & { k: "arr" }) | undefined {
  const [callee] = project.values.callee(call.callee, module);
  if (callee?.v !== "package" || !/^(?:node:)?child_process$/.test(callee.specifier)) return undefined;
  if (!/^(?:spawn|execFile)$/.test(callee.path)) return undefined;
  const [program, words, options] = call.args;
  const isNode =
    program?.k === "mem" ? program.p === "execPath" : program?.k === "lit" && program.v === "node";
  if (!isNode || words?.k !== "arr") return undefined;
  if (
    options &&
    (options.k !== "obj" || options.props.some(({ name }) => name === undefined || /^(env|cwd)$/.test(name)))
  )
    return undefined;
  return words.items.every((e) => e.k !== "spread" && !(e.k === "lit" && /^-/.test(String(e.v))))
    ? words
    : undefined;
}

/** The call says the name of the worker's file. */
function names(call: Call, { file }: Entry, fn: Fn, project: Project): boolean {
  const text = project.index.read(fn.module.file)?.slice(...call.at) ?? "";
  const name = baseOf(file).replace(/\.\w+$/, "");
  return new RegExp(`["'\`/]${name.replace(/[^\w]/g, "\\$&")}(?:\\.\\w+)?["'\`]`).test(text);
}
