import { type BrandFacts, brandedGlobals, brandedPackages } from "../../knowledge/branded-classes.js";
import type { Project } from "../../program/project.js";
import type { Value } from "../../facts/value.js";
import type { Cls, Expr, Fn, Module } from "../../syntax/ir.js";
import { originOf } from "../same.js";

/** A class whose members only work on its own instances. */
export interface Brand extends BrandFacts {
  name: string;
  /** Where the program declares it; undefined for a class of the platform or of a package. */
  cls: Cls | undefined;
}

/** The class of which an expression is an instance, when all that it can be is bound to its own instances. */
export function brandOf(e: Expr, module: Module, project: Project): Brand | undefined {
  const values = project.values.of(e, module);
  if (values.length === 0) return globalBrand(e, module, project);
  const brands = values.map(brandOfValue);
  const [first] = brands;
  return first && brands.every((b) => b !== undefined) ? first : undefined;
}

function brandOfValue(value: Value): Brand | undefined {
  if (value.v === "instance") return brandOfClass(value.cls);
  if (value.v !== "package") return undefined;
  const name = value.path.replace(/\(\)$/, "");
  const facts = brandedPackages[value.specifier]?.[name];
  return facts && { ...facts, name, cls: undefined };
}

/** Methods and accessors of a class that read or write `this.#field`. */
function brandOfClass(cls: Cls): Brand | undefined {
  const readers = cls.uses.flatMap(({ name, fn }) => (name.startsWith("#") ? [memberAround(fn, cls)] : []));
  const methods = readers.includes("method");
  const accessors = readers.includes("accessor");
  return methods || accessors ? { methods, accessors, name: cls.name ?? "the class", cls } : undefined;
}

/** What kind of public member of its instances a function of a class stands in; a field's arrow function keeps its `this`. */
function memberAround(fn: Fn, cls: Cls): "method" | "accessor" | undefined {
  let outer: Fn | undefined = fn;
  while (outer && outer.cls !== cls) outer = outer.parent;
  if (outer?.kind !== "method" && outer?.kind !== "accessor") return undefined;
  const member = [...cls.members.values()].find((m) => m.fn === outer);
  return member && !member.isStatic && !member.name.startsWith("#") ? outer.kind : undefined;
}

/** `new Map()`, `await fetch(url)`, `response: Response`: of a global that the file does not declare itself. */
function globalBrand(e: Expr, module: Module, project: Project): Brand | undefined {
  const name = globalClassOf(e, module, project);
  const facts = name === undefined ? undefined : brandedGlobals[name];
  if (name === undefined || !facts || !Object.hasOwn(brandedGlobals, name)) return undefined;
  const declared = new RegExp(`\\b(?:interface|type|class|enum)\\s+${name}\\b`);
  return declared.test(project.index.read(module.file) ?? "")
    ? undefined
    : { ...facts, name, cls: undefined };
}

function globalClassOf(e: Expr, module: Module, project: Project): string | undefined {
  const origin = originOf(e);
  if (origin.k === "id" && origin.bind) {
    const [type, another] = origin.bind.type;
    const named = type?.expr;
    return !another && origin.bind.values.length === 0 && named?.k === "id" && !named.bind
      ? named.name
      : undefined;
  }
  if (origin.k === "await") return isGlobalCall(origin.e, "fetch") ? "Response" : undefined;
  if (origin.k !== "call") return undefined;
  if (origin.isNew) return origin.callee.k === "id" && !origin.callee.bind ? origin.callee.name : undefined;
  return isPromise(origin, module, project) ? "Promise" : undefined;
}

const isGlobalCall = (e: Expr, name: string): boolean =>
  e.k === "call" && !e.isNew && e.callee.k === "id" && !e.callee.bind && e.callee.name === name;

/** `promise.then(...)`, or a call of an async function of the program. */
function isPromise({ callee }: Expr & { k: "call" }, module: Module, project: Project): boolean {
  if (callee.k === "mem" && callee.p === "then") return true;
  const values = project.values.of(callee, module);
  return values.length > 0 && values.every((v) => v.v === "fn" && v.fn.async && !v.fn.generator);
}
