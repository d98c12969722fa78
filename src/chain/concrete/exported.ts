import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";
import type { Held } from "./holding.js";

/** An expression of another module, or what stands for the whole of a module or package. */
export type Found = { e: Expr; module: Module } | (Held & { is: "module" | "package" });

/**
 * What a module gets by an import; undefined when the program does not show it.
 * @param specifier what is imported; undefined asks for an export of the module itself
 * @param name the exported name, `*` for the whole
 */
export function exportOf(
  from: Module,
  specifier: string | undefined,
  name: string,
  project: Project,
  depth = 0,
): Found | undefined {
  if (depth > 8) return undefined;
  let module: Module | undefined = from;
  if (specifier !== undefined) {
    const file = project.index.resolve(from.file, specifier);
    if (file === undefined) return { is: "package", of: name === "*" ? specifier : `${specifier}.${name}` };
    module = project.module(file);
  }
  if (!module) return undefined;
  if (name === "*") return { is: "module", module };
  const direct = module.exports.get(name);
  if (direct?.kind === "value") return { e: direct.e, module };
  if (direct) return exportOf(module, direct.specifier, direct.name, project, depth + 1);
  for (const again of module.reexports) {
    const file = project.index.resolve(module.file, again);
    const found = file === undefined ? undefined : exportOf(module, again, name, project, depth + 1);
    if (found) return found;
  }
  const whole = module.exports.get("=");
  if (whole?.kind === "value")
    return name === "default" ? { e: whole.e, module } : { e: memberOf(whole.e, name), module };
  // CommonJS seen through a default import
  return name === "default" && !module.esm && module.exports.size > 0 ? { is: "module", module } : undefined;
}

const memberOf = (o: Expr, p: string): Expr => ({ k: "mem", o, p, optional: false, at: o.at });
