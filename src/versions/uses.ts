import type { Value } from "../facts/value.js";
import type { MixSide } from "../knowledge/version-matrix.js";
import { says } from "../program/says.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import type { Call, Fn, Module, Span } from "../syntax/ir.js";
import { dependencyOf, type Dependency } from "./installed.js";

/** A place where a program uses a package of a mix. */
export interface Use {
  dependency: Dependency;
  fn: Fn;
  at: Span;
}

/**
 * Where the files of a program use one side of a mix, in whatever version.
 * @returns undefined when of some use it cannot be told which package it is, or who asks for it
 */
export function usesOf({ packages, uses, word }: MixSide, run: Run, project: Project): Use[] | undefined {
  const found: Use[] = [];
  for (const [file, imported] of loadersOf(Object.keys(packages), run, project)) {
    if (uses.length > 0 && !uses.some((name) => says(file, name, project))) continue;
    if (word !== undefined && !says(file, word, project)) continue;
    const module = project.module(file);
    if (!module) return undefined;
    for (const name of imported) {
      const place = uses.length === 0 ? importOf(name, module) : madeIn(module, name, uses, project);
      if (!place) continue;
      const dependency = dependencyOf(file, name, project);
      if (!dependency) return undefined;
      found.push({ dependency, ...place });
    }
  }
  return found;
}

/** The files of a program, no tests among them, that load one of these packages, and which. */
function loadersOf(names: readonly string[], run: Run, project: Project): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    for (const file of loaders(project).get(name) ?? []) {
      if (!run.files.has(file)) continue;
      const known = found.get(file);
      if (known) known.push(name);
      else found.set(file, [name]);
    }
  }
  return found;
}

/** For each package, the files that load it, not only for its types: asked for every mix of every program. */
function loaders(project: Project): Map<string, string[]> {
  let known = loadersByPackage.get(project);
  if (known) return known;
  loadersByPackage.set(project, (known = new Map()));
  for (const file of project.index.sources) {
    if (project.index.isTest(file)) continue;
    const specifiers = project.index
      .scan(file)
      .imports.flatMap((i) => (i.kind === "type" ? [] : i.specifier));
    for (const specifier of new Set(specifiers)) {
      const files = known.get(specifier);
      if (files) files.push(file);
      else known.set(specifier, [file]);
    }
  }
  return known;
}

const loadersByPackage = new WeakMap<Project, Map<string, string[]>>();

function importOf(name: string, module: Module): { fn: Fn; at: Span } {
  const found = module.imports.find((i) => i.specifier === name && !i.typeOnly);
  // a module that is required has its place at the call
  const at = found?.at ?? module.calls.find(({ call }) => requires(call, name))?.call.at;
  return { fn: module.top, at: at ?? [0, 0] };
}

const requires = ({ args: [first] }: Call, name: string): boolean => first?.k === "lit" && first.v === name;

function madeIn(
  module: Module,
  name: string,
  uses: readonly string[],
  project: Project,
): { fn: Fn; at: Span } | undefined {
  const made = module.calls.find(({ call }) =>
    project.values.callee(call.callee, module).some((v) => {
      const member = exportOf(v, name);
      return member !== undefined && uses.includes(member);
    }),
  );
  return made && { fn: made.fn, at: made.call.at };
}

/** The name under which a package exports a value. */
function exportOf(v: Value, name: string): string | undefined {
  if (v.v === "package") return v.specifier === name ? lastOf(v.path) : undefined;
  if (v.v !== "sdk") return undefined;
  const { sdk } = v;
  const pkg = "cls" in sdk ? sdk.cls.pkg : sdk.pkg;
  if (!pkg.specifiers.includes(name)) return undefined;
  if (sdk.is === "class") return lastOf(sdk.cls.name);
  return sdk.is === "call" ? lastOf(sdk.name) : sdk.is === "namespace" ? lastOf(sdk.path) : undefined;
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
