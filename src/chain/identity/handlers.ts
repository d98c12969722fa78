import { handlerTypes, metadataFrameworks } from "../../knowledge/functions-with-properties.js";
import type { Project } from "../../program/project.js";
import type { Binding, Expr, Fn, Module } from "../../syntax/ir.js";
import { linksOf } from "../links.js";
import { functionsReturnedBy, isCalledIn, isWithin, readsOf } from "../originals.js";
import { expressionsIn } from "../walk.js";
import { carriesOver } from "./copying.js";
import { importedAs } from "./imported-as.js";

/** A handler of a framework that a telemetry library replaces by a function of its own, without what the framework reads of it. */
export interface BareHandler {
  fn: Fn;
  maker: Fn;
  original: Binding;
  framework: string;
}

/**
 * The bare replacements in a module of a library that traces somebody else's handlers: the framework is none of its own
 * dependencies, and it imports telemetry. An application knows what its handlers carry.
 */
export function bareHandlersIn(module: Module, project: Project): BareHandler[] {
  const framework = tracedFramework(module, project);
  if (framework === undefined) return [];
  return module.fns.flatMap((maker) =>
    functionsReturnedBy(maker).flatMap((fn): BareHandler[] => {
      if (!isWithin(fn, maker)) return [];
      const original = handlerOf(maker, fn, module, project);
      if (!original || carriesOver(maker, readsOf(original), fn, project)) return [];
      return [{ fn, maker, original, framework }];
    }),
  );
}

/** The framework whose handlers a module of a telemetry library may wrap. */
function tracedFramework(module: Module, project: Project): string | undefined {
  const json = project.index.packageOf(module.file)?.json;
  if (!module.imports.some(({ specifier }) => isTelemetry(specifier, project))) return undefined;
  const found = module.imports
    .map(({ specifier }) => packageName(specifier))
    .find((name) => metadataFrameworks.test(name) || name in handlerTypes);
  return found === undefined || json?.dependencies?.[found] !== undefined ? undefined : found;
}

const isTelemetry = (specifier: string, project: Project): boolean =>
  project.lookup.package(specifier) !== undefined || /^@(?:sentry|opentelemetry)\//.test(specifier);

const packageName = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** The parameter that brings a handler which the replacement calls. */
function handlerOf(maker: Fn, fn: Fn, module: Module, project: Project): Binding | undefined {
  return maker.params
    .flatMap((binds) => (binds.length === 1 ? binds : []))
    .find(
      (bind) =>
        isCalledIn(fn, readsOf(bind)) &&
        (hasHandlerType(bind) || comesFromCaller(bind, maker, module, project)),
    );
}

/** `handler: MiddlewareHandler`. */
const hasHandlerType = (bind: Binding): boolean =>
  bind.type.some(({ expr }) => {
    const as = importedAs(expr);
    return as !== undefined && handlerTypes[packageName(as.specifier)]?.includes(as.name) === true;
  });

/**
 * In a module about Nest: what a method of Nest is given is replaced before Nest gets it, `arguments[1] = traced(callback)`. Nest reads
 * there what the decorators said of the handler.
 */
function comesFromCaller(bind: Binding, maker: Fn, module: Module, project: Project): boolean {
  if (!module.imports.some(({ specifier }) => metadataFrameworks.test(specifier))) return false;
  const index = bind.param?.index ?? -1;
  const methods = linksOf(module, project).filter((l) => l.fn !== maker && !isWithin(l.fn, maker));
  const isGiven = (e: Expr | undefined, fn: Fn): boolean =>
    e !== undefined && fn.params.some(([p]) => p !== undefined && readsOf(p)(e));
  return expressionsIn(module).some(({ e, fn }) => {
    if (e.k !== "set" || e.e.k !== "call" || e.to.k !== "mem") return false;
    const { to, e: made } = e;
    if (to.o.k !== "id" || to.o.name !== "arguments") return false;
    if (!methods.some((l) => isWithin(fn, l.fn) && isGiven(made.args[index], l.fn))) return false;
    return project.values.of(made.callee, module).some((v) => v.v === "fn" && v.fn === maker);
  });
}
