import type { Binding, Expr, Fn, Module, Span } from "../syntax/ir.js";
import type { Project } from "./project.js";

/** A place where a name of the program is read. */
export interface NameUse {
  module: Module;
  fn: Fn;
  at: Span;
}

/**
 * Every place in a project where a name of a file is read, in that file and in those that import it.
 * @returns undefined where it may be read under a name that is not seen: through a namespace, a barrel or `require`
 */
export function usesEverywhere(bind: Binding, project: Project): NameUse[] | undefined {
  const { module } = bind.owner;
  const names = new Set(
    [...module.exports].flatMap(([name, e]) =>
      e.kind === "value" && e.e.k === "id" && e.e.bind === bind ? [name] : [],
    ),
  );
  const uses = bind.uses.filter((u) => !isExport(u.at, module)).map((u) => ({ module, ...u }));
  if (names.size === 0) return uses;
  for (const file of project.index.importers(module.file)) {
    if (project.index.isTest(file)) continue;
    const text = project.index.read(file) ?? "";
    if (!names.has("default") && ![...names].some((name) => text.includes(name)) && !/\*/.test(text))
      continue;
    const found = importedUses(file, module.file, names, project);
    if (!found) return undefined;
    uses.push(...found);
  }
  return uses;
}

const isExport = (at: Span, module: Module): boolean =>
  [...module.exports.values()].some((e) => e.kind === "value" && e.e.at[0] <= at[0] && at[1] <= e.e.at[1]);

function importedUses(
  file: string,
  from: string,
  names: ReadonlySet<string>,
  project: Project,
): NameUse[] | undefined {
  const module = project.module(file);
  if (!module) return undefined;
  const leads = (specifier: string): boolean => project.index.resolve(file, specifier) === from;
  const handsOn =
    module.reexports.some(leads) ||
    [...module.exports.values()].some((e) => e.kind === "from" && leads(e.specifier) && names.has(e.name));
  const loads = project.index.scan(file).imports.filter((i) => leads(i.specifier));
  if (handsOn || loads.some((i) => i.kind === "dynamic")) return undefined;
  // `const { stop } = require("./stop")` says which names it takes
  const taken = takenBy(module, leads);
  const required = loads.filter((i) => i.kind === "require");
  if (new Set(taken.map((t) => t.from)).size < required.length) return undefined;
  const imported = module.bindings.filter((b) => b.from && leads(b.from.specifier));
  if (imported.some((b) => b.from?.name === "*" && b.uses.length > 0)) return undefined;
  const named = [
    ...imported.filter((b) => b.from && names.has(b.from.name)),
    ...taken.flatMap((t) => (names.has(t.name) ? [t.bind] : [])),
  ];
  if (named.some((b) => b.uses.some((u) => isExport(u.at, module)))) return undefined;
  return named.flatMap((b) => b.uses.map((u) => ({ module, ...u })));
}

/** The constants of a module that take a member of what `require` gives. */
function takenBy(
  { bindings }: Module,
  leads: (specifier: string) => boolean,
): { bind: Binding; name: string; from: Expr }[] {
  return bindings.flatMap((bind) => {
    const [only, ...more] = bind.values;
    if (!bind.constant || more.length > 0 || only?.k !== "mem" || only.p === undefined) return [];
    const from = only.o;
    return from.k === "import" && from.specifier !== undefined && leads(from.specifier)
      ? [{ bind, name: only.p, from }]
      : [];
  });
}
