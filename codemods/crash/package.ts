import type { Value } from "../../src/facts/value.js";
import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { importEdits, loadings, usesImports } from "../edit/imports.js";
import { child, list, openSource, type Source } from "../edit/source.js";
import { best, candidatesOf } from "../flush/candidates.js";
import { takenNames } from "../flush/names.js";
import { packageName } from "../flush/versions.js";
import type { Scene } from "./scene.js";
import { type Speaker, speakersOf, tellForm } from "./speakers.js";
import type { Spot } from "./tell.js";

/** What tells an SDK that a file does not know yet. */
export interface Far {
  speaker: Speaker;
  edits: Edit[];
  /** How to send what is buffered, by the same import. */
  flush?: string;
}

/** Tells by the SDK's own package, imported as the file that starts it does. */
export function fromPackage(scene: Scene, { source }: Spot): Far | undefined {
  const { project, lost } = scene;
  const home = lost.start && openSource(project, lost.start.fn.module.file);
  if (!home) return undefined;
  const taken = takenNames(source);
  const near = byName(scene, source, taken);
  if (near) return near;
  for (const { specifier, node, pattern } of loadings(home)) {
    if (project.lookup.package(specifier)?.vendor !== scene.details.vendor) continue;
    const form = formOf(node, pattern);
    const local = form?.local ?? NAMES[scene.details.vendor.name];
    if (local === undefined || taken.has(local) || !asksFor(project, source.file, specifier)) continue;
    const name = form?.name === "default" && usesImports(source) ? "default" : "*";
    const [value] = project.values.imported(source.file, specifier, name);
    const [speaker] = value ? speakersOf(scene, local, value, false) : [];
    const edits = speaker && importEdits(source, { name, local, specifier }, (s) => s === specifier);
    if (!edits) continue;
    const flush = value && flushOf(scene, source, local, value);
    return flush === undefined ? { speaker, edits } : { speaker, edits, flush };
  }
  return undefined;
}

/** One name more of what a file takes by name already. */
function byName(scene: Scene, source: Source, taken: Set<string>): Far | undefined {
  const name = tellForm(scene)?.member;
  if (name === undefined || name.includes(".") || taken.has(name)) return undefined;
  for (const { specifier, node, pattern } of loadings(source)) {
    if (scene.project.lookup.package(specifier)?.vendor !== scene.lost.vendor || formOf(node, pattern))
      continue;
    const [value] = scene.project.values.imported(source.file, specifier, name);
    const [speaker] = value ? speakersOf(scene, name, value, false, 0) : [];
    const edits = speaker && importEdits(source, { name, local: name, specifier }, (s) => s === specifier);
    if (edits) return { speaker, edits };
  }
  return undefined;
}

function flushOf(scene: Scene, source: Source, local: string, value: Value): string | undefined {
  if (value.v !== "sdk" || value.sdk.is !== "namespace") return undefined;
  const { vendor, run } = scene.lost;
  const search = {
    project: scene.project,
    source,
    vendor,
    started: new Set([value.sdk.pkg]),
    reach: new Set(run.files),
  };
  return best(candidatesOf(search, local, value, false))?.awaited;
}

/** What a package is called that a file only takes single names from. */
const NAMES: Record<string, string> = { Sentry: "Sentry", Bugsnag: "Bugsnag", Honeybadger: "Honeybadger" };

/** How a file has a package as a whole. */
function formOf(node: Node, pattern: Node | undefined): { name: "*" | "default"; local: string } | undefined {
  if (pattern?.type === "Identifier") return { name: "*", local: pattern.name as string };
  for (const s of list(node, "specifiers")) {
    const local = child(s, "local")?.name as string;
    if (s.type === "ImportNamespaceSpecifier") return { name: "*", local };
    if (s.type === "ImportDefaultSpecifier") return { name: "default", local };
  }
  return undefined;
}

/** The file's own package, or the root, asks for it; where neither asks for anything, it is found in other ways. */
export function asksFor(project: Project, file: string, specifier: string): boolean {
  const name = packageName(specifier);
  return [project.index.packageOf(file)?.json, project.index.packageOf("package.json")?.json].some(
    (json) =>
      json === undefined ||
      (json.dependencies ?? json.devDependencies) === undefined ||
      json.dependencies?.[name] !== undefined ||
      json.devDependencies?.[name] !== undefined,
  );
}

/** The name under which a file has a package as a whole, or one thing of it. */
export function localOf(source: Source, specifier: string, wanted: string): string | undefined {
  for (const { node, specifier: s, pattern } of loadings(source)) {
    if (s !== specifier) continue;
    if (pattern?.type === "Identifier") return `${pattern.name as string}.${wanted}`;
    for (const p of list(pattern, "properties"))
      if (child(p, "key")?.name === wanted && child(p, "value")?.type === "Identifier")
        return child(p, "value")?.name as string;
    for (const x of list(node, "specifiers")) {
      const local = child(x, "local")?.name as string;
      if (x.type === "ImportNamespaceSpecifier") return `${local}.${wanted}`;
      if (x.importKind !== "type" && child(x, "imported")?.name === wanted) return local;
    }
  }
  return undefined;
}
