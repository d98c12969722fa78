import { promiseSubclasses, type PromiseSubclass } from "../../knowledge/promise-subclasses.js";
import type { Project } from "../../program/project.js";
import { says } from "../../program/says.js";
import type { Call, Expr, Module } from "../../syntax/ir.js";
import { originOf } from "../same.js";

/**
 * The promises with members of their own that a module has to do with: it imports their package, be it for a type, says that it
 * patches it, or imports a type of the same name that the program declares again.
 */
export const subclassesTold = (module: Module, project: Project): readonly PromiseSubclass[] =>
  promiseSubclasses.filter(
    (s) => packageTold(s, module, project) !== undefined || isDeclaredAgain(s, module),
  );

const isDeclaredAgain = ({ names }: PromiseSubclass, { bindings }: Module): boolean =>
  bindings.some(
    ({ from }) =>
      from?.name.endsWith("Promise") && names.includes(from.name) && from.specifier.startsWith("."),
  );

/** Which of the packages that hand back such a promise a module has to do with. */
export function packageTold(
  { packages }: PromiseSubclass,
  module: Module,
  project: Project,
): string | undefined {
  let told = known.get(module);
  if (!told) {
    told = new Set([
      ...project.index.scan(module.file).imports.map(({ specifier }) => packageOf(specifier)),
      ...module.calls.flatMap(({ call }) => patchedBy(call) ?? []),
    ]);
    known.set(module, told);
  }
  return packages.find((p) => told.has(p));
}

const known = new WeakMap<Module, ReadonlySet<string>>();

/** Those whose methods a module, or one of its folder that it loads, names with the way to them: `"chat.completions.create"`. */
export function subclassesNamed(module: Module, project: Project): readonly PromiseSubclass[] {
  const besides = (file: string): string[] =>
    project.index.imports(file).flatMap((to) => (to.specifier.startsWith("./") ? [to.file] : []));
  const near = [module.file, ...besides(module.file), ...besides(module.file).flatMap(besides)];
  return promiseSubclasses.filter(({ from }) => {
    const { paths } = from ?? {};
    return paths && near.some((file) => says(file, paths, project));
  });
}

/** `@scope/name/deep/file` is of `@scope/name`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** `new InstrumentationNodeModuleDefinition("openai", ...)`, `addHook({ name: "openai" }, ...)`. */
function patchedBy({ callee, args, isNew }: Call): string | undefined {
  const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
  const [first] = args;
  if (!first) return undefined;
  if (isNew && /^InstrumentationNodeModule(?:Definition|File)$/.test(name ?? ""))
    return literal(first, packageOf);
  if (isNew || name !== "addHook" || first.k !== "obj") return undefined;
  const named = first.props.find((p) => p.name === "name");
  return named && literal(named.value, packageOf);
}

function literal(e: Expr, as: (text: string) => string): string | undefined {
  const origin = originOf(e);
  return origin.k === "lit" && typeof origin.v === "string" ? as(origin.v) : undefined;
}
