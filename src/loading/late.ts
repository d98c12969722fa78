import type { ChainBreak } from "../program/details.js";
import type { Hit } from "../flow/world.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import type { Fn, Module, Span } from "../syntax/ir.js";
import { isPath, sourceOf } from "./commands/resolve.js";
import { writtenIn } from "./commands/written.js";
import { evaluate, isNativeModule, type Edge, type LoadEvent } from "./evaluation.js";
import { missedOf } from "./missed.js";
import { goesPastHook, isHooked } from "./past-hook.js";
import { isPatched, patchingsOf, type Patching } from "./patched.js";

/** A package that a program loads. */
export type Loaded = LoadEvent & { kind: "package" };

/** Modules that a program loads before what must patch them: one finding for each start. */
export function lateStarts(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const run of project.runs()) {
    if (run.preloaded.length > 0 || lifespanOf(run, project) === "library") continue;
    for (const patching of patchingsOf(run, project)) {
      if (isOnTheSide(run, patching, project) || isPreloadedByHost(patching, project)) continue;
      const late = lateOf(patching, run, project);
      if (late) found.set(`${late.fn.module.file}:${String(late.at[0])}`, late);
    }
  }
  return [...found.values()];
}

/** A script that is run by hand, and starts the SDK only because what it uses does. */
const isOnTheSide = (run: Run, { start }: Patching, project: Project): boolean =>
  /(^|\/)scripts?\//.test(run.entry.file) &&
  start.fn.module.file !== run.entry.file &&
  lifespanOf(run, project) === "one-shot";

/** A manifest loads the file of the start first, though the program loads it itself as well, and too late. */
const isPreloadedByHost = ({ start }: Patching, project: Project): boolean =>
  writtenIn(project).some(
    (written) =>
      written.script === undefined &&
      written.commands.some((command) =>
        command.flags.some(
          (flag) =>
            !flag.behind &&
            flag.kind !== "loader" &&
            isPath(flag.value) &&
            sourceOf(flag.value, command, written.bases, project) === start.fn.module.file,
        ),
      ),
  );

function lateOf(patching: Patching, run: Run, project: Project): ChainBreak | undefined {
  const top = placeOfPatching(patching);
  if (!top) return undefined;
  const { module, offset } = top;
  const events = evaluate(run.entry, new Map([[module.file, [offset]]]), project);
  const loading = specifierAt(top);
  const met = events.findIndex((e) =>
    e.kind === "moment"
      ? loading === undefined
      : e.specifier === patching.onLoad || (e.file === module.file && e.specifier === loading),
  );
  const moment = events[met];
  if (!moment) return undefined;
  // a callback runs when everything that is imported has been loaded
  const at = top.later && moment.kind === "moment" ? events.length : met;
  const isOne = (e: LoadEvent): e is Loaded =>
    e.kind === "package" && isPatched(e.specifier, patching.modules) && isUsed(e, project);
  const before = events.slice(0, at).filter(isOne);
  const after = new Set(
    events
      .slice(at)
      .filter(isOne)
      .map((e) => e.specifier),
  );
  // a hook of require patches what is required again, and most patches reach the module that was loaded before
  const unpatched = before.filter((e) => !after.has(e.specifier) || isNativeModule(e.file, project));
  // a hook of the loader hands out what was imported before as well
  const hooked = unpatched.length > 0 && isHooked(run, project);
  const { kind, lost } = missedOf(
    hooked ? unpatched.filter((e) => !isNativeModule(e.file, project)) : unpatched,
    patching.name,
    run,
    project,
  );
  if (lost.length === 0) return undefined;
  const place = placeOf(patching, moment.path, top, lost, project);
  if (!place) return undefined;
  return {
    kind: "chain-break",
    check: "late-start",
    ...place,
    names: [
      patching.name,
      [...new Set(lost.map((e) => e.specifier))].slice(0, 3).join(", "),
      kind,
      lost.every((e) => goesPastHook(e, patching, project)) ? "hook" : "",
    ],
    ...(kind === "ids" ? { strict: true, level: "warning" as const } : {}),
    others: lost
      .slice(0, 3)
      .flatMap((e) => importPlace(e.file, e.specifier, `${e.specifier} is loaded here`, project)),
    ...(patching.start.call ? { call: patching.start.call } : {}),
  };
}

/** A place in the top level of a module from which something is reached while the program starts. */
export interface TopPlace {
  module: Module;
  offset: number;
  /** By a callback, once everything has been loaded. */
  later: boolean;
}

/** Where the patching begins: where the instrumentations are made, else at the start. */
function placeOfPatching({ start, made }: Patching): TopPlace | undefined {
  const atTop = made.find(({ fn }) => fn.kind === "module");
  if (atTop) return { module: atTop.fn.module, offset: atTop.call.at[0], later: false };
  const around = new Set([start.fn, ...start.stack.map((s) => s.fn)]);
  // made in a function that the start does not show: nobody knows when
  return made.length === 0 || made.some(({ fn }) => around.has(fn)) ? topOf(start) : undefined;
}

/** The package whose loading is the start itself. */
const specifierAt = ({ module, offset }: TopPlace): string | undefined =>
  module.imports.find((i) => i.at[0] === offset)?.specifier;

/** Where a start is reached from; undefined when only a listener comes to it. */
export function topOf({ stack, fn, at }: Hit): TopPlace | undefined {
  if (stack.some((s) => s.as === "listener")) return undefined;
  const fns = [...stack.map((s) => s.fn), fn];
  const index = fns.findLastIndex((f) => f.kind === "module");
  const top = fns[index];
  if (!top) return undefined;
  const offset = fn === top ? at[0] : stack[index + 1]?.call?.at[0];
  const later = stack.some((s) => s.as === "callback");
  return offset === undefined ? undefined : { module: top.module, offset, later };
}

/**
 * The line that a maintainer edits: the start, when its own file loads what it patches; else the import that leads to it.
 */
function placeOf(
  { start, made }: Patching,
  path: readonly Edge[],
  top: TopPlace,
  lost: readonly Loaded[],
  project: Project,
): { fn: Fn; at: Span } | undefined {
  const own = start.fn.module.file;
  const loads = (loaded: Loaded | undefined, file: string): boolean =>
    loaded?.path.some((edge) => edge.file === file) === true;
  const call = lost.some((loaded) => loads(loaded, own)) ? start.call : undefined;
  // made elsewhere: what comes too late is the import that leads there
  const madeElsewhere = own !== top.module.file && made.some(({ fn }) => fn === top.module.top);
  if (call && !madeElsewhere) return { fn: start.fn, at: call.at };
  if (loads(lost[0], top.module.file)) return { fn: top.module.top, at: callAt(top) };
  // the import of the entry behind which the start stands, or which brings in both
  const edge = call ? path.findLast(({ file }) => file === own) : path[0];
  return edge && importPlace(edge.file, edge.specifier, "", project)[0];
}

const callAt = ({ module, offset }: TopPlace): Span =>
  module.calls.find(({ call }) => call.at[0] === offset)?.call.at ?? [offset, offset];

/** Where a file imports something. */
export function importPlace(
  file: string,
  specifier: string,
  message: string,
  project: Project,
): { fn: Fn; at: Span; message: string }[] {
  const module = project.module(file);
  const found = module?.imports.find((i) => i.specifier === specifier && !i.typeOnly);
  return module && found ? [{ fn: module.top, at: found.at, message }] : [];
}

/** An import of which only types are used is not there at run time. */
export function isUsed({ file, specifier }: Pick<Loaded, "file" | "specifier">, project: Project): boolean {
  const module = project.module(file);
  if (!module) return false;
  if (!/\.[cm]?tsx?$/.test(file)) return true;
  const names = module.bindings.filter((b) => b.from?.specifier === specifier);
  return (
    names.length === 0 ||
    names.some((b) => b.from?.typeOnly !== true && (b.uses.length > 0 || isExported(b.name, module)))
  );
}

const isExported = (name: string, module: Module): boolean =>
  [...module.exports.values()].some((e) => e.kind === "value" && e.e.k === "id" && e.e.name === name);
