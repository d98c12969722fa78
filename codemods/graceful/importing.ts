import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Module } from "../../src/syntax/ir.js";
import { importEdits, relativeSpecifier } from "../edit/imports.js";
import type { Source } from "../edit/source.js";
import { loadedBy } from "../flush/loaded.js";
import { takenNames } from "../flush/names.js";

/** The edits that give a file an export of another one, and its name there; undefined where it must not load that file. */
export function importFrom(
  project: Project,
  source: Source,
  target: Module,
  name: string,
  wished: string,
): { local: string; edits: Edit[] } | undefined {
  const known = importedAs(project, source.file, target, name);
  if (known !== undefined) return { local: known, edits: [] };
  const local = takenNames(source).has(wished) ? `${wished}Telemetry` : wished;
  const from = project.module(source.file);
  if (!from || takenNames(source).has(local) || !mayLoad(project, from, target)) return undefined;
  const specifier = relativeSpecifier(project, source, target.file);
  if (specifier === undefined) return undefined;
  const isSame = (s: string): boolean => project.index.resolve(source.file, s) === target.file;
  const edits = importEdits(source, { name, local, specifier }, isSame);
  return edits && { local, edits };
}

/** The name by which a file has an export of another one already. */
export function importedAs(project: Project, file: string, target: Module, name: string): string | undefined {
  const own = project.module(file)?.bindings ?? [];
  return own.find(
    ({ from }) =>
      from !== undefined &&
      !from.typeOnly &&
      from.name === name &&
      project.index.resolve(file, from.specifier) === target.file,
  )?.name;
}

/** To load the other file changes nothing about what runs: every program of this one loads it when it starts. */
export function mayLoad(project: Project, from: Module, target: Module): boolean {
  const { index } = project;
  const edge = index.imports(from.file).find((e) => e.file === target.file && e.kind !== "type");
  if (edge && edge.kind !== "dynamic") return true;
  const programs = index.entriesOf(from.file).filter((e) => !index.isTest(e.file));
  if (programs.length === 0 || !programs.every((e) => loadedBy(project, e).has(target.file))) return false;
  const preloaded = index.entries().some((e) => e.preloads.includes(target.file));
  // Node.js hands an ES module the CommonJS file that was preloaded; compilers and the other way round may not
  const isShared = from.esm === target.esm || (from.esm && /\.[cm]?js$/.test(from.file));
  if (preloaded && !isShared) return false;
  // earlier than before does no harm, but a circle might
  return (
    programs.every((e) => index.evaluationOrder(e).includes(target.file)) &&
    !reaches(project, target.file, from.file)
  );
}

/** Whether a file loads another one, be it later on: a module that awaits what imports it never gets there. */
function reaches(project: Project, from: string, target: string): boolean {
  const seen = new Set<string>();
  const work = [from];
  for (let file = work.pop(); file !== undefined; file = work.pop()) {
    if (file === target) return true;
    if (seen.has(file)) continue;
    seen.add(file);
    for (const edge of project.index.imports(file)) if (edge.kind !== "type") work.push(edge.file);
  }
  return false;
}
