import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Export, Module } from "../../src/syntax/ir.js";
import { exportEdit } from "../edit/exports.js";
import { importEdits, loadings, packageSpecifier, relativeSpecifier } from "../edit/imports.js";
import { list, openSource, type Source } from "../edit/source.js";
import { best, type Candidate, candidatesOf, type Search } from "./candidates.js";
import type { Flush } from "./choose.js";
import { loadedBy } from "./loaded.js";
import { mayBeMissing } from "./missing.js";
import { exportedBinding, exportedNames, takenNames } from "./names.js";
import { packageName } from "./versions.js";

interface Found extends Candidate {
  edits: Edit[];
}

/** Ways to flush that need an import: of what other files export or could export, or of a function of the SDK. */
export function elsewhere(search: Search, module: Module, start: Module | undefined): Flush | undefined {
  const taken = takenNames(search.source);
  const exported = neighbours(search, module, start).flatMap((m) => ofExports(search, m, taken));
  const hidden =
    exported.length === 0 && start && start !== module ? ofHidden(search, module, start, taken) : [];
  const direct = [...exported, ...hidden].filter((c) => c.kind !== "function");
  return pick(direct.length > 0 ? direct : [...exported, ...ofSdk(search, start, taken)]);
}

function pick(found: Found[]): Flush | undefined {
  const [first] = found.filter((c) => !c.sync).sort((a, b) => a.rank - b.rank);
  return first;
}

/** Where the vendor is started, and files of the same program that flush. */
function neighbours({ project, source, reach }: Search, module: Module, start: Module | undefined): Module[] {
  const imported = new Set(loadings(source).map((l) => project.index.resolve(module.file, l.specifier)));
  const found: Module[] = [];
  for (const [other, marks] of project.marks.modules) {
    if (other === module || !reach.has(other.file) || project.index.isTest(other.file)) continue;
    const near =
      imported.has(other.file) ||
      other === start ||
      marks.direct.some((d) => d.mark === "flush") ||
      packageSpecifier(project, module.file, other.file) !== undefined;
    if (near && mayImport(project, module, other)) found.push(other);
  }
  const rank = (m: Module): number => (imported.has(m.file) ? 0 : m === start ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b) || a.file.length - b.file.length);
}

/** To import it changes nothing about when it is evaluated: it does nothing by itself, or is loaded before in every program. */
function mayImport(project: Project, from: Module, other: Module): boolean {
  const { index } = project;
  if (index.imports(from.file).some((e) => e.file === other.file && e.kind !== "type")) return true;
  // a program that does without telemetry must not load it for the sake of its exits
  const programs = index.entriesOf(from.file).filter((e) => !index.isTest(e.file));
  if (!programs.every((e) => loadedBy(project, e).has(other.file))) return false;
  const starts = project.marks.modules.get(other)?.top ?? true;
  if (!starts && !reaches(project, other.file, from.file)) return true;
  return (
    programs.length > 0 &&
    programs.every((e) => index.evaluationOrder(e).includes(other.file)) &&
    !isPreloadOfAnotherKind(project, from, other)
  );
}

/** A preloaded CommonJS file that an ES module imports, or the other way round, might be bundled twice. */
function isPreloadOfAnotherKind(project: Project, from: Module, other: Module): boolean {
  const preloaded = project.index.entries().some((e) => e.preloads.includes(other.file));
  return preloaded && from.esm !== other.esm;
}

function reaches(project: Project, from: string, target: string): boolean {
  const seen = new Set<string>();
  const work = [from];
  for (let file = work.pop(); file !== undefined; file = work.pop()) {
    if (file === target) return true;
    if (seen.has(file)) continue;
    seen.add(file);
    for (const edge of project.index.imports(file))
      if (edge.kind === "static" || edge.kind === "reexport" || edge.kind === "require") work.push(edge.file);
  }
  return false;
}

function ofExports(search: Search, other: Module, taken: Set<string>): Found[] {
  const { project, source } = search;
  const found: Found[] = [];
  for (const name of exportedNames(project, other)) {
    const exported = other.exports.get(name);
    if (name === "=" && (source.isTypeScript || !project.module(source.file))) continue;
    const whole = name === "=" || name === "default";
    const own = whole ? nameOfWhole(other, exported) : name;
    if (own === undefined) continue;
    const local = taken.has(own) || TOO_SHORT.test(own) ? `${own}Telemetry` : own;
    if (taken.has(local)) continue;
    const values =
      name === "=" && exported?.kind === "value"
        ? project.values.of(exported.e, other)
        : project.values.exported(other, name);
    const bound = exportedBinding(project, other, name);
    const optional = bound ? mayBeMissing(project, bound.module, bound.bind) : false;
    const choice = best(
      values.flatMap((v) => candidatesOf(search, local, v, v.v === "fn" ? false : optional)),
    );
    const edits = choice && importOf(project, source, other.file, name, local);
    if (choice && edits) found.push({ ...choice, edits });
  }
  return found;
}

/** Names that say nothing of what they end, away from their file. */
const TOO_SHORT = /^(shutdown|flush|close|stop|end|dispose|destroy|init|cleanup|teardown)$/i;

/** What to call all that a file exports: as it does itself, or after the file where that says too little. */
function nameOfWhole(other: Module, exported: Export | undefined): string | undefined {
  if (exported?.kind !== "value") return undefined;
  const own = exported.e.k === "id" ? exported.e.name : undefined;
  if (own !== undefined && !/^(client|instance|_?default|exported)$/i.test(own)) return own;
  const file = other.file.split("/").at(-1)?.split(".")[0] ?? "";
  const camel = file.replace(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return /^[a-z]\w+$/i.test(camel) && camel !== "index" ? camel : own;
}

function importOf(
  project: Project,
  source: Source,
  target: string,
  name: string,
  local: string,
): Edit[] | undefined {
  const specifier = relativeSpecifier(project, source, target);
  if (specifier === undefined) return undefined;
  return importEdits(
    source,
    { name, local, specifier },
    (s) => project.index.resolve(source.file, s) === target,
  );
}

/** A handle at the top level of the file that starts it, which nobody exports yet. */
function ofHidden(search: Search, module: Module, start: Module, taken: Set<string>): Found[] {
  const { project, source } = search;
  const home = openSource(project, start.file);
  if (!home || !mayImport(project, module, start)) return [];
  const found: Found[] = [];
  for (const bind of start.bindings) {
    if (bind.kind !== "var" || taken.has(bind.name)) continue;
    const values = project.values.of({ k: "id", name: bind.name, bind, at: bind.at }, start);
    const handles = values.filter((v) => v.v === "sdk" && v.sdk.is === "handle");
    const choice = best(
      handles.flatMap((v) => candidatesOf(search, bind.name, v, mayBeMissing(project, start, bind))),
    );
    if (!choice) continue;
    if (!bind.constant) {
      const created = start.esm && createdHelper(home, choice, taken);
      const edits = created && importOf(project, source, start.file, created.name, created.name);
      if (created && edits)
        found.push({
          awaited: `${created.name}()`,
          optional: false,
          rank: choice.rank,
          kind: "helper",
          edits: [created.edit, ...edits],
        });
      continue;
    }
    const exporting = exportEdit(home, start, bind);
    const edits = exporting && importOf(project, source, start.file, bind.name, bind.name);
    if (exporting && edits) found.push({ ...choice, edits: [exporting, ...edits] });
  }
  return found;
}

/** An exported function beside a handle that is set later on, so that nobody else can set it. */
function createdHelper(
  home: Source,
  { awaited }: Candidate,
  taken: Set<string>,
): { name: string; edit: Edit } | undefined {
  const { semicolon, indent } = home.style;
  const own = takenNames(home);
  const name = HELPER_NAMES.find((n) => !own.has(n) && !taken.has(n));
  const last = list(home.program, "body").at(-1);
  if (name === undefined || !last) return undefined;
  const type = home.isTypeScript ? ": Promise<void>" : "";
  const text = `\n\n/** Sends what is buffered. Wait for it before the process ends. */\nexport async function ${name}()${type} {\n${indent}await ${awaited}${semicolon}\n}`;
  return { name, edit: home.insert(last.end, text) };
}

const HELPER_NAMES = ["shutdownTelemetry", "closeTelemetry", "flushTelemetry"];

/** A function of the SDK, imported as the file that starts it does. */
function ofSdk(search: Search, start: Module | undefined, taken: Set<string>): Found[] {
  const { project, source, started } = search;
  const home = start && openSource(project, start.file);
  const own = loadings(source);
  const loaded = [
    ...own.map((l) => ({ ...l, own: true })),
    ...(home ? loadings(home).map((l) => ({ ...l, own: false })) : []),
  ];
  const found: Found[] = [];
  for (const { specifier, own: here } of loaded) {
    const known = project.lookup.package(specifier);
    const space = known && project.lookup.namespace(specifier);
    if (
      !known ||
      !space ||
      !started.has(known.pkg) ||
      !(here || isInstalled(project, source.file, specifier))
    )
      continue;
    const local = namespaceName(home, specifier) ?? namespaceName(source, specifier);
    const isSame = (s: string): boolean => s === specifier;
    if (local !== undefined && !taken.has(local)) {
      const choice = best(candidatesOf(search, local, { v: "sdk", sdk: space }, false));
      const edits = choice && importEdits(source, { name: "*", local, specifier }, isSame);
      if (choice && edits) found.push({ ...choice, edits });
    }
    for (const [name, facts] of Object.entries(known.pkg.exports)) {
      if (facts.kind !== "function" || !/^[\w$]+$/.test(name) || taken.has(name)) continue;
      const next = space.is === "namespace" ? project.lookup.step(space, name) : undefined;
      const [choice] = next ? candidatesOf(search, name, { v: "sdk", sdk: next }, false) : [];
      const edits = choice && importEdits(source, { name, local: name, specifier }, isSame);
      // the name alone must say what is flushed, unless the file uses the package by such names already
      if (choice && edits && (here || name.length > 8))
        found.push({ ...choice, edits, rank: choice.rank + 0.01 });
    }
  }
  return found;
}

/** The name under which a file has the whole of a package. */
function namespaceName(source: Source | undefined, specifier: string): string | undefined {
  if (!source) return undefined;
  for (const { node, specifier: s, pattern } of loadings(source)) {
    if (s !== specifier) continue;
    if (pattern?.type === "Identifier") return pattern.name as string;
    for (const x of list(node, "specifiers"))
      if (x.type === "ImportNamespaceSpecifier") return (x.local as { name: string }).name;
  }
  return undefined;
}

/** The file's own package, or the root, asks for it. */
function isInstalled(project: Project, file: string, specifier: string): boolean {
  const name = packageName(specifier);
  return [project.index.packageOf(file)?.json, project.index.packageOf("package.json")?.json].some(
    (json) =>
      json === undefined ||
      (json.dependencies ?? json.devDependencies) === undefined ||
      json.dependencies?.[name] !== undefined ||
      json.devDependencies?.[name] !== undefined,
  );
}
