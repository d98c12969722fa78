import { removedResource } from "../../knowledge/provider-members.js";
import type { Project } from "../../program/project.js";
import type { Expr, Fn, Module } from "../../syntax/ir.js";
import { runsWith } from "../../versions/package-versions.js";
import { expressionsIn } from "../walk.js";

/** A use of the class `Resource`, which is none any more. */
export interface ResourceUse {
  /** `new Resource(...)`, or the static member. */
  e: Expr;
  fn: Fn;
  /** As the message writes it. */
  name: string;
}

/** Every use of `Resource` as a class in a module of a package that has it as a type only. */
export function resourceUsesIn(module: Module, project: Project): ResourceUse[] {
  const uses = expressionsIn(module).flatMap(({ e, fn }): ResourceUse[] => {
    if (e.k === "call" && e.isNew)
      return isResource(e.callee, module, project) ? [{ e, fn, name: "new Resource(...)" }] : [];
    if (e.k !== "mem" || e.p === undefined || e.p === "new" || !Object.hasOwn(removedResource.instead, e.p))
      return [];
    return isResource(e.o, module, project) ? [{ e, fn, name: `Resource.${e.p}` }] : [];
  });
  return uses.length > 0 && !knowsBoth(module) && isTypeOnly(module, project)
    ? uses.toSorted((a, b) => a.e.at[0] - b.e.at[0])
    : [];
}

/** A module that has the functions as well takes the class where they are not there. */
const knowsBoth = (module: Module): boolean =>
  expressionsIn(module).some(({ e }) => {
    const name = e.k === "id" ? e.name : e.k === "mem" ? e.p : e.k === "lit" ? e.v : undefined;
    return name === removedResource.instead.new;
  });

function isTypeOnly({ file }: Module, project: Project): boolean {
  const { specifier, since } = removedResource;
  return (
    runsWith(file, { [specifier]: since[specifier] }, project) ?? runsWith(file, since, project) ?? false
  );
}

function isResource(e: Expr, module: Module, project: Project): boolean {
  // written out: resolving every `new` of a module would be for nothing
  const written = e.k === "id" ? (e.bind?.from?.name ?? e.name) : e.k === "mem" ? e.p : undefined;
  if (written !== removedResource.name) return false;
  const values = project.values.of(e, module);
  return (
    values.length > 0 &&
    values.every(
      (v) =>
        (v.v === "package" &&
          v.specifier === removedResource.specifier &&
          /^(default\.)?Resource$/.test(v.path)) ||
        (v.v === "sdk" && v.sdk.is === "namespace" && v.sdk.path === "resources.Resource"),
    )
  );
}
