import type { Hit } from "../flow/world.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import type { Fn, Span } from "../syntax/ir.js";
import { evaluate, type LoadEvent } from "./evaluation.js";
import { importPlace, topOf } from "./late.js";

/** Packages that read `.env` when they are loaded. */
const LOADERS = /^(dotenv|dotenv-safe|dotenv-flow|@dotenvx\/dotenvx|dotenv-expand)\/config$/;
/** Packages whose `config()` reads it. */
const PACKAGES = /^(dotenv|dotenv-safe|dotenv-flow|@dotenvx\/dotenvx)$/;
const dotenv = /dotenv/;
/** Anything but what is set before a program starts; or all of it, for a schema to pick from. */
const reads =
  /process\.env\.(?!NODE_ENV\b|npm_)\w|process\.env\[|\(\s*process\.env\s*\)|\}\s*=\s*process\.env\b(?!\.)/;

interface Load {
  fn: Fn;
  at: Span;
  file: string;
  /** Where a call stands in the top level of its file. */
  offset: number | undefined;
}

/** Files of variables that are read after the SDK that needs them has started. */
export function lateEnvironments(project: Project): ChainBreak[] {
  return project.runs().flatMap((run): ChainBreak[] => {
    const loads = loadsIn(run, project);
    if (loads.length === 0) return [];
    return [...run.started].flatMap(([vendor, start]): ChainBreak[] => {
      const load =
        needsVariables(start, project) && !isOfLibrary(start, run, project)
          ? lateOf(start, loads, run, project)
          : undefined;
      if (!load) return [];
      const message = `${vendor.name} is started here, with variables that are not there yet`;
      return [
        {
          kind: "chain-break",
          check: "late-environment",
          fn: load.fn,
          at: load.at,
          names: [vendor.name],
          others: [{ fn: start.fn, at: start.at, message }],
        },
      ];
    });
  });
}

/** The file of the start, or one that it imports, says that it reads variables. */
function needsVariables(start: Hit, project: Project): boolean {
  const { file } = start.fn.module;
  const imported = project.index
    .imports(file)
    .filter((edge) => edge.kind === "static" || edge.kind === "require");
  return [file, ...imported.map((edge) => edge.file)].some((f) => says(f, reads, project));
}

/** A package of the workspace that others install reports on itself: its variables are not those of the program beside it. */
function isOfLibrary(start: Hit, { entry }: Run, project: Project): boolean {
  const home = project.index.packageOf(start.fn.module.file);
  return home?.dir !== project.index.packageOf(entry.file)?.dir && home?.json?.["private"] !== true;
}

/** A thread inherits the variables of its program, and frameworks and platforms read `.env` before anything else. */
const INHERITS = new Set(["worker", "framework", "serverless"]);

/** Where a program reads its `.env`, at the top level of its files. */
function loadsIn(run: Run, project: Project): Load[] {
  if (INHERITS.has(run.entry.reason)) return [];
  const files = new Set([run.entry.file, ...run.entry.preloads, ...run.files]);
  return [...files].sort().flatMap((file): Load[] => {
    if (!project.index.scan(file).imports.some((i) => dotenv.test(i.specifier))) return [];
    const module = project.module(file);
    if (!module) return [];
    const imported = module.imports
      .filter((i) => LOADERS.test(i.specifier) && !i.typeOnly)
      .map((i) => ({ fn: module.top, at: i.at, file, offset: undefined }));
    const called = module.calls.flatMap(({ call, fn }): Load[] => {
      const isConfig = project.values
        .callee(call.callee, module)
        .some((v) => v.v === "package" && PACKAGES.test(v.specifier) && /^(default\.)?config$/.test(v.path));
      return isConfig && fn.kind === "module" ? [{ fn, at: call.at, file, offset: call.at[0] }] : [];
    });
    return [...imported, ...called];
  });
}

/** The first of them in the order of evaluation, when it comes after the start. */
function lateOf(start: Hit, loads: readonly Load[], run: Run, project: Project): Load | undefined {
  const top = topOf(start);
  if (!top || top.later || run.entry.preloadPackages.some((p) => dotenv.test(p))) return undefined;
  const moments = new Map<string, number[]>([[top.module.file, [top.offset]]]);
  for (const { file, offset } of loads)
    if (offset !== undefined) moments.set(file, [...(moments.get(file) ?? []), offset]);
  const events = evaluate(run.entry, moments, project);
  const isStart = (e: LoadEvent): boolean =>
    e.kind === "moment" && e.file === top.module.file && e.offset === top.offset;
  const loadOf = (e: LoadEvent): Load | undefined =>
    loads.find((l) => l.file === e.file && l.offset === (e.kind === "moment" ? e.offset : undefined));
  const isLoad = (e: LoadEvent): boolean =>
    loadOf(e) !== undefined && (e.kind === "moment" || LOADERS.test(e.specifier));
  const started = events.findIndex(isStart);
  const first = events.findIndex(isLoad);
  const event = events[first];
  if (started < 0 || !event || first < started) return undefined;
  const load = loadOf(event);
  // a module that reads the file once more for itself says nothing of the program
  if (load?.file !== run.entry.file) return undefined;
  if (event.kind === "moment") return load;
  const [place] = importPlace(event.file, event.specifier, "", project);
  return place ? { ...load, at: place.at } : load;
}
