import { promiseSubclasses, type PromiseSubclass } from "../../knowledge/promise-subclasses.js";
import type { Project } from "../../program/project.js";
import type { Call, Cast, Expr, Module } from "../../syntax/ir.js";
import { originOf } from "../same.js";
import { packageOf, subclassesTold } from "./told-packages.js";

/** What `.then()`, `.catch()` or `.finally()` gave, and is said to be more than a promise. */
export interface SubclassCast {
  cast: Cast;
  call: Call;
  subclass: PromiseSubclass;
}

/** The casts of a module that no promise can live up to, each outermost only. */
export const subclassCastsOf = (module: Module, project: Project): SubclassCast[] =>
  module.casts.flatMap((cast) => {
    const call = chainOf(cast.e);
    const subclass = call && namedBy(cast, module, project);
    return call && subclass ? [{ cast, call, subclass }] : [];
  });

function chainOf(e: Expr): Call | undefined {
  const origin = originOf(e);
  const isChain =
    origin.k === "call" &&
    origin.callee.k === "mem" &&
    /^(?:then|catch|finally)$/.test(origin.callee.p ?? "");
  return isChain ? origin : undefined;
}

/** The type that is named: from its package, or under the package's name where a program declares it again. */
function namedBy(cast: Cast, module: Module, project: Project): PromiseSubclass | undefined {
  for (const { expr } of cast.types) {
    const name =
      expr.k === "mem" ? expr.p : expr.k === "id" ? (expr.bind?.from?.name ?? expr.name) : undefined;
    const root = rootOf(expr);
    const specifier = root?.bind?.from?.specifier;
    const named = promiseSubclasses.filter(({ names }) => name !== undefined && names.includes(name));
    const own = named.find(({ packages }) => specifier && packages.includes(packageOf(specifier)));
    if (own) return own;
    // a type of another package is another type; one of the program's own is what the program patches
    if (specifier !== undefined && /^[@a-z]/.test(specifier)) continue;
    const told = subclassesTold(module, project).find((s) => named.includes(s));
    if (told) return told;
  }
  return undefined;
}

const rootOf = (e: Expr): (Expr & { k: "id" }) | undefined =>
  e.k === "id" ? e : e.k === "mem" ? rootOf(e.o) : undefined;
