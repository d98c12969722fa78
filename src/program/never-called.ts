import type { Binding, Fn, Module, Span } from "../syntax/ir.js";
import type { ProjectIndex } from "./index/types.js";
import { holders } from "./marked-code.js";

/** What is asked of the program in which a function may be called. */
export interface Callers {
  index: ProjectIndex;
  /** Every file that the program can load. */
  files: ReadonlySet<string>;
  /** Files that something outside the program loads, and whose exports it may call. */
  entries: ReadonlySet<string>;
  module(file: string): Module | undefined;
}

/**
 * Whether a function stands under a name that nobody in its program says: a set-up which a package offers and this program does
 * not ask for. A method of a class may be called by a framework, and whatever is handed on by value may be called by anybody.
 */
export function neverCalled(fn: Fn, callers: Callers, asked = new Set<Binding>()): boolean {
  const { module } = fn;
  const outer = outermost(fn);
  if (outer.kind === "module" || outer.cls || callers.entries.has(module.file)) return false;
  const held = heldAs(outer, module);
  if (!held) return false;
  if (asked.has(held.bind)) return true;
  asked.add(held.bind);
  const text = callers.index.read(module.file) ?? "";
  const exported = new Set<string>();
  for (const use of held.bind.uses) {
    const names = exportsAt(use.at, held.bind, module);
    if (names) {
      for (const name of names) exported.add(name);
      continue;
    }
    // what calls itself is not called by that
    if (use.at[0] >= outer.at[0] && use.at[1] <= outer.at[1]) continue;
    if (!takes(text, use.at, held.member)) continue;
    if (use.fn.kind === "module" || !neverCalled(use.fn, callers, asked)) return false;
  }
  for (const name of held.bind.owner.module.exports.keys())
    if (exportedAs(name, held.bind, module)) exported.add(name);
  return exported.size === 0 || !askedFor(module.file, exported, held.member, callers);
}

function outermost(fn: Fn): Fn {
  let outer = fn;
  while (outer.parent && outer.parent.kind !== "module") outer = outer.parent;
  return outer;
}

interface Held {
  bind: Binding;
  /** Of an object: the property that leads to the function. */
  member: string | undefined;
}

/** The one name of the top level that leads to a function. */
function heldAs(fn: Fn, module: Module): Held | undefined {
  const own = module.bindings.find((b) => b.values.some((v) => v.k === "fn" && v.fn === fn));
  if (own) return own.values.length === 1 ? { bind: own, member: undefined } : undefined;
  const [bind, other] = holders(module, fn.at[0]);
  if (!bind || other || bind.kind === "class") return undefined;
  const [value] = bind.values;
  if (bind.values.length !== 1 || !value) return undefined;
  if (value.k !== "obj") return { bind, member: undefined };
  const prop = value.props.find((p) => p.value.at[0] <= fn.at[0] && fn.at[1] <= p.value.at[1]);
  // a method may have its place before its function has
  const name = prop?.name ?? fn.name;
  return name === undefined ? undefined : { bind, member: name };
}

/** Whether a use of a name takes this member of it, or hands all of it on. */
function takes(text: string, at: Span, member: string | undefined): boolean {
  if (member === undefined) return true;
  const next = /^\s*(?:\?|!)?\.\s*([\w$]+)/.exec(text.slice(at[1], at[1] + 80));
  return next === null || next[1] === member;
}

/** The names under which a use that is an export hands a binding out; undefined when the use is no export. */
function exportsAt(at: Span, bind: Binding, module: Module): string[] | undefined {
  const names: string[] = [];
  for (const [name, e] of module.exports)
    if (e.kind === "value" && e.e.at[0] <= at[0] && at[1] <= e.e.at[1]) {
      if (e.e.k === "id" && e.e.bind === bind) names.push(name);
      else return undefined;
    }
  return names.length > 0 ? names : undefined;
}

const exportedAs = (name: string, bind: Binding, module: Module): boolean => {
  const e = module.exports.get(name);
  return e?.kind === "value" && e.e.k === "id" && e.e.bind === bind;
};

/** Whether a file of the program asks a file for one of its exports, be it through others that hand it on. */
function askedFor(
  file: string,
  names: ReadonlySet<string>,
  member: string | undefined,
  callers: Callers,
  seen = new Set<string>(),
): boolean {
  const key = `${file}\0${[...names].join()}`;
  if (seen.has(key)) return false;
  seen.add(key);
  const { index } = callers;
  return index.importers(file).some((importer) => {
    if (!callers.files.has(importer)) return false;
    const text = index.read(importer) ?? "";
    const said = names.has("default") || [...names].some((name) => text.includes(name));
    if (!said && !text.includes("*")) return false;
    const module = callers.module(importer);
    if (!module?.esm) return said;
    const leads = (specifier: string): boolean => index.resolve(importer, specifier) === file;
    const other = (kind: string): boolean => kind === "require" || kind === "dynamic";
    if (said && index.scan(importer).imports.some((i) => other(i.kind) && leads(i.specifier))) return true;
    const on = handedOn(module, names, leads);
    if (on.size > 0 && (callers.entries.has(importer) || askedFor(importer, on, member, callers, seen)))
      return true;
    return module.bindings.some(
      (b) => b.from && leads(b.from.specifier) && used(b, names, member, text, module),
    );
  });
}

/** The names under which a module hands on what it imports or re-exports from a file. */
function handedOn(
  module: Module,
  names: ReadonlySet<string>,
  leads: (specifier: string) => boolean,
): Set<string> {
  const on = new Set<string>();
  if (module.reexports.some(leads)) for (const name of names) if (name !== "default") on.add(name);
  for (const [name, e] of module.exports)
    if (e.kind === "from" && leads(e.specifier) && (e.name === "*" || names.has(e.name))) on.add(name);
  return on;
}

function used(
  bind: Binding,
  names: ReadonlySet<string>,
  member: string | undefined,
  text: string,
  module: Module,
): boolean {
  const from = bind.from?.name;
  if (bind.from?.typeOnly === true || from === undefined) return false;
  if (from === "*") return bind.uses.some((u) => [...names].some((name) => takes(text, u.at, name)));
  if (!names.has(from)) return false;
  // an export of an imported name is a use that hands it on
  return bind.uses.some((u) => exportsAt(u.at, bind, module) !== undefined || takes(text, u.at, member));
}
