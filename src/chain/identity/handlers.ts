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
  return methods.some((link) =>
    expressionsIn(module).some(({ e, fn }) => {
      if (!isWithin(fn, link.fn)) return false;
      const made = replacedArgument(e, link.isOriginal);
      return made.some((m) => {
        const [given] = m.k === "call" ? m.args.slice(index) : [];
        const isGiven = link.fn.params.some(
          ([p]) => p !== undefined && given !== undefined && readsOf(p)(given),
        );
        return (
          m.k === "call" &&
          isGiven &&
          project.values.of(m.callee, module).some((v) => v.v === "fn" && v.fn === maker)
        );
      });
    }),
  );
}

/** `arguments[1] = e`, `args[1] = e`, `original.call(this, instance, e)`. */
function replacedArgument(e: Expr, isOriginal: (e: Expr) => boolean): Expr[] {
  if (e.k === "set" && e.to.k === "mem" && e.to.o.k === "id" && e.to.o.name === "arguments") return [e.e];
  if (e.k !== "call" || e.callee.k !== "mem") return [];
  return e.callee.p === "call" && isOriginal(e.callee.o) ? e.args.slice(1) : [];
}
