import type { Entry } from "../program/index/types.js";
import type { Project } from "../program/project.js";
import type { Module, Span } from "../syntax/ir.js";

/** One step from a file to what it loads. */
export interface Edge {
  file: string;
  specifier: string;
}

/** A package that a file loads while a program starts, or a moment that was asked about. */
export type LoadEvent =
  | { kind: "package"; specifier: string; file: string; path: readonly Edge[] }
  | { kind: "moment"; file: string; offset: number; path: readonly Edge[] };

/** Offsets in the top level of files whose place in the order is wanted. */
export type Moments = ReadonlyMap<string, readonly number[]>;

/** Chains of imports longer than this are followed no further. */
const deepest = 400;

/**
 * What a program loads, in the order in which it is evaluated: preloads, then the entry with everything it imports, depth first.
 * Dynamic imports come later and are left out, and so is what is imported for its types.
 */
export function evaluate(entry: Entry, moments: Moments, project: Project): LoadEvent[] {
  const events: LoadEvent[] = [];
  const seen = new Set<string>();
  const visit = (file: string, path: readonly Edge[]): void => {
    if (seen.has(file) || path.length > deepest) return;
    seen.add(file);
    for (const step of stepsOf(file, moments.get(file) ?? [], project)) {
      if (typeof step === "number") {
        events.push({ kind: "moment", file, offset: step, path });
        continue;
      }
      const target = project.index.resolve(file, step);
      const here = [...path, { file, specifier: step }];
      if (target === undefined) events.push({ kind: "package", specifier: step, file, path: here });
      else visit(target, here);
    }
  };
  for (const start of [...entry.preloads, entry.file]) visit(start, []);
  return events;
}

/** What a file loads, in its order, with the moments in between. */
function stepsOf(file: string, moments: readonly number[], project: Project): (string | number)[] {
  const refs = project.index.scan(file).imports.filter((i) => i.kind !== "type" && i.kind !== "dynamic");
  if (moments.length === 0 && !refs.some((r) => r.kind === "require")) return refs.map((r) => r.specifier);
  const module = project.module(file);
  if (!module) return refs.map((r) => r.specifier);
  const hoisted = isHoisted(file, project);
  const placed: { at: number; step: string | number }[] = moments.map((at) => ({ at, step: at }));
  for (const { specifier, kind } of refs) {
    if (kind === "require" && isDeferred(specifier, module)) continue;
    const at =
      module.imports.find((i) => i.specifier === specifier && !i.typeOnly)?.at[0] ??
      reexportAt(module, specifier);
    // an import of an ES module runs before everything that is written in it
    placed.push({ at: hoisted && kind !== "require" ? at - 1e9 : at, step: specifier });
  }
  return placed.sort((a, b) => a.at - b.at).map(({ step }) => step);
}

/** Only functions require it, and they run later if at all. */
function isDeferred(specifier: string, module: Module): boolean {
  const places = module.imports.filter((i) => i.specifier === specifier && !i.typeOnly);
  const isInFunction = (at: Span): boolean =>
    module.fns.some((fn) => fn.kind !== "module" && fn.bodyAt[0] < at[0] && at[1] <= fn.bodyAt[1]);
  return places.length > 0 && places.every((i) => isInFunction(i.at));
}

/** Re-exports have no place of their own; what is not found stands first. */
const reexportAt = (module: Module, specifier: string): number =>
  module.reexports.includes(specifier) ? 0 : -1;

/**
 * Whether the imports of a file run before its statements: in ES modules they do, and in what bundlers and compilers other than
 * tsc make of them; tsc, asked for CommonJS, leaves them where they are.
 */
export function isHoisted(file: string, project: Project): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file) || project.module(file)?.esm === false) return false;
  if (/\.[jt]sx?$/.test(file) && project.index.packageOf(file)?.json?.type === "module") return true;
  return !/\.tsx?$/.test(file);
}

/** Whether Node itself loads a file as an ES module, as far as its name and its package say. */
export function isNativeModule(file: string, project: Project): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  return !/\.c[jt]s$/.test(file) && project.index.packageOf(file)?.json?.type === "module";
}
