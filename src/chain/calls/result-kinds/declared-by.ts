import type { Project } from "../../../program/project.js";
import { asksForPackage } from "../../wrapping/asks.js";
import type { Implementation } from "../../wrapping/implementations.js";

/**
 * Whether the interface of a class or object is the one of certain packages: the name that the class says it implements is imported
 * from one, or, where it says none, its file imports one or its package asks for one. An interface of the program's own may say
 * something else.
 */
export function isDeclaredBy({ declared, module }: Implementation, from: RegExp, project: Project): boolean {
  if (declared !== undefined) {
    const bind = module.bindings.find(({ name }) => name === declared);
    return bind?.from !== undefined && from.test(bind.from.specifier);
  }
  return (
    module.imports.some(({ specifier }) => from.test(specifier)) || asksForPackage(module.file, from, project)
  );
}
