import type { Project } from "../../program/project.js";
import { says } from "../../program/says.js";
import type { Call, Expr, Fn, Module, Span } from "../../syntax/ir.js";
import { entryOf, outputsOf, type Bundle } from "./bundle.js";

const bundles = /\besbuild\b/;
const builds = new Set(["build", "buildSync", "context"]);

/** The bundles that scripts of the project make by esbuild's own interface, where every option is written out. */
export function bundlesOfScripts(project: Project): Bundle[] {
  const { index } = project;
  return index.sources.flatMap((file) => {
    if (index.isTest(file) || !says(file, bundles, project)) return [];
    if (!index.scan(file).imports.some((i) => i.specifier === "esbuild" && i.kind !== "type")) return [];
    const module = project.module(file);
    return (module?.calls ?? []).flatMap(({ call, fn }) =>
      module ? bundlesOf(call, fn, module, project) : [],
    );
  });
}

type Obj = Expr & { k: "obj" };

function bundlesOf(call: Call, fn: Fn, module: Module, project: Project): Bundle[] {
  const [callee] = project.values.callee(call.callee, module);
  if (callee?.v !== "package" || callee.specifier !== "esbuild" || !builds.has(callee.path)) return [];
  const options = objectOf(call.args[0], module, project);
  // what is spread, or left to a plugin, is unknown
  if (!options || options.props.some(({ name }) => name === undefined)) return [];
  const prop = (name: string): Expr | undefined => options.props.findLast((p) => p.name === name)?.value;
  const plugins = prop("plugins");
  if (plugins && !(plugins.k === "arr" && plugins.items.length === 0)) return [];
  if (literal(prop("bundle")) !== true || literal(prop("platform")) !== "node") return [];
  if (prop("packages") || prop("absWorkingDir") || prop("alias")) return [];
  const external = prop("external") ? textsOf(prop("external")) : [];
  const entries = textsOf(prop("entryPoints"));
  const dir = project.index.packageOf(module.file)?.dir;
  if (!external || !entries || dir === undefined) return [];
  const at = spanOf(options, "bundle", module, project) ?? call.at;
  return entries.flatMap((path): Bundle[] => {
    const entry = entryOf(path, dir, project);
    const to = { file: textOf(prop("outfile")), dir: textOf(prop("outdir")) };
    return entry === undefined
      ? []
      : [{ tool: "esbuild", fn, at, call, entry, outputs: outputsOf(path, to, dir), external }];
  });
}

function objectOf(e: Expr | undefined, module: Module, project: Project): Obj | undefined {
  if (e?.k === "obj") return e;
  const [value, ...more] = e ? project.values.of(e, module) : [];
  return value?.v === "object" && value.module === module && more.length === 0 ? value.obj : undefined;
}

const literal = (e: Expr | undefined): unknown => (e?.k === "lit" ? e.v : undefined);

const textOf = (e: Expr | undefined): string | undefined =>
  e?.k === "lit" && typeof e.v === "string" ? e.v : undefined;

/** A list of texts, or the texts of an object; undefined where one of them is none. */
function textsOf(e: Expr | undefined): string[] | undefined {
  if (e?.k !== "arr" && e?.k !== "obj") return undefined;
  const values = e.k === "arr" ? e.items : e.props.map(({ value }) => value);
  const texts = values.flatMap((v) => textOf(v) ?? []);
  return texts.length === values.length ? texts : undefined;
}

/** `bundle: true` in its options. */
function spanOf(options: Obj, name: string, module: Module, project: Project): Span | undefined {
  const value = options.props.findLast((p) => p.name === name)?.value;
  const text = project.index.read(module.file);
  if (!value || text === undefined) return undefined;
  const start = text.lastIndexOf(name, value.at[0]);
  return start < options.at[0] ? undefined : [start, value.at[1]];
}
