import type { Project } from "../../src/program/project.js";
import type { Module } from "../../src/syntax/ir.js";
import { loadings, relativeSpecifier, usesImports } from "../edit/imports.js";
import { list, openSource, type Source } from "../edit/source.js";
import type { Completed } from "./complete.js";
import type { Scene } from "./scene.js";

/**
 * A worker, a child or a script that captures gets the project's own file that starts the SDK, as its first import.
 * @returns undefined where no file of the project is there for that alone
 */
export function startHere(scene: Scene): Completed | undefined {
  const { details, project } = scene;
  const entry = entryOf(project, details.fn.module);
  const source = entry && openSource(project, entry.file);
  if (!source) return undefined;
  const homes = instrumentFiles(scene).flatMap((file) => relativeSpecifier(project, source, file) ?? []);
  const [specifier, second] = homes;
  if (specifier === undefined || second !== undefined) return undefined;
  return { safe: false, edits: [loadedFirst(source, specifier)] };
}

/** The one program that runs a module. */
function entryOf(project: Project, module: Module): Module | undefined {
  const files = new Set(
    project.index
      .entriesOf(module.file)
      .filter((e) => !project.index.isTest(e.file))
      .map((e) => e.file),
  );
  const [only] = files;
  return files.size === 1 && only !== undefined ? project.module(only) : undefined;
}

/** Files of the same package that start the SDK when they are loaded, and serve nothing else. */
function instrumentFiles({ project, details: { vendor, fn } }: Scene): string[] {
  const home = project.index.packageOf(fn.module.file)?.dir;
  const found = new Set<string>();
  for (const run of project.runs())
    for (const hit of run.hits) {
      const { module } = hit.fn;
      if (hit.kind !== "start" || hit.vendor !== vendor || hit.fn !== module.top) continue;
      const isEntry = project.index.entries().some((e) => e.file === module.file && e.reason !== "root");
      const imported = [...project.index.importers(module.file)].length > 0;
      if (!isEntry && imported && project.index.packageOf(module.file)?.dir === home) found.add(module.file);
    }
  return [...found].sort();
}

/** In front of every other import. */
function loadedFirst(source: Source, specifier: string): ReturnType<Source["insert"]> {
  const { quote, semicolon } = source.style;
  const from = `${quote}${specifier}${quote}`;
  const line = usesImports(source) ? `import ${from}${semicolon}` : `require(${from})${semicolon}`;
  const first = loadings(source)[0]?.node;
  if (first) return source.insert(first.start, `${line}\n`);
  const body = list(source.program, "body");
  const directive = body.findLast((s) => typeof s.directive === "string");
  return directive
    ? source.insert(directive.end, `\n\n${line}`)
    : source.insert(body[0]?.start ?? 0, `${line}\n\n`);
}
