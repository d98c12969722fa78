import { finalOf, optionsOf } from "../chain/lists/options.js";
import { originOf } from "../chain/same.js";
import type { SdkClass } from "../facts/lookup.js";
import type { Project } from "../program/project.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";

/** Something of OpenTelemetry that a module makes: a processor, a reader, an exporter, a provider, an SDK. */
export interface Part {
  call: Call;
  fn: Fn;
  cls: SdkClass;
  /** The name of the class, without the object that it is reached through. */
  name: string;
}

/** The modules of a project that name a telemetry package; tests and generated files left out. */
export function telemetryModules(project: Project): Module[] {
  const { index } = project;
  return index.candidates().telemetry.flatMap((file) => {
    if (index.isTest(file) || index.scan(file).generated) return [];
    const module = project.module(file);
    return module ? [module] : [];
  });
}

const known = new WeakMap<Module, Part[]>();

/** What a module makes of OpenTelemetry with `new`. */
export function partsOf(module: Module, project: Project): readonly Part[] {
  let parts = known.get(module);
  if (!parts) {
    parts = module.calls.flatMap(({ call, fn }) => {
      const cls = call.isNew ? classOf(call, module, project) : undefined;
      return cls ? [{ call, fn, cls, name: cls.name.split(".").at(-1) ?? "" }] : [];
    });
    known.set(module, parts);
  }
  return parts;
}

/** The one class of OpenTelemetry that a call makes. */
function classOf(call: Call, module: Module, project: Project): SdkClass | undefined {
  const values = project.values.callee(call.callee, module);
  const [only] = values;
  if (values.length !== 1 || only?.v !== "sdk" || only.sdk.is !== "class") return undefined;
  return only.sdk.cls.vendor.name === "OpenTelemetry" ? only.sdk.cls : undefined;
}

/** Everything that the modules of a project make of OpenTelemetry. */
export const allParts = (project: Project): Part[] =>
  telemetryModules(project).flatMap((module) => [...partsOf(module, project)]);

/** What a processor or reader is given to export with: its first argument, or the option of that name. */
export function exporterGiven({ call, fn }: Part, project: Project): Expr | undefined {
  const [first] = call.args;
  const options = first && optionsOf(first, fn.module, project);
  return options ? finalOf(options, "exporter")?.value : first;
}

/** The construction that an expression stands for: through names of constants, and through a field that is written once. */
export function constructionOf(e: Expr): Expr {
  const origin = originOf(e);
  if (origin.k !== "mem" || origin.o.k !== "this" || origin.p === undefined) return origin;
  const values = origin.o.cls?.members.get(origin.p)?.values ?? [];
  const [value] = values;
  return value && values.length === 1 ? originOf(value) : origin;
}

/** The exporter of a processor or reader, where it is made in the same file. */
export function exporterOf(part: Part, project: Project): Part | undefined {
  const given = exporterGiven(part, project);
  const origin = given && constructionOf(given);
  return partsOf(part.fn.module, project).find((p) => p.call === origin);
}
