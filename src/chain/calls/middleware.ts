import { middleware, type MiddlewareFacts } from "../../knowledge/middleware.js";
import type { Project } from "../../program/project.js";
import type { Binding, Call, Expr, Fn, Module, TypeRef } from "../../syntax/ir.js";
import { expressionsIn } from "../walk.js";

/** A function that a framework calls with a way to go on. */
export interface Middleware {
  fn: Fn;
  facts: MiddlewareFacts;
}

/** The last step of the path that a package's export was reached by: `Koa.Next` is `Next`. */
const lastOf = (path: string): string => path.split(".").at(-1) ?? "";

/**
 * The middleware whose `next` a parameter is, when it has the position of one and something shows the framework: types, the app
 * that it is registered with (also in files that import it), or the packages of its own file.
 */
export function middlewareOf(next: Binding, project: Project): Middleware | undefined {
  const { param } = next;
  if (!param) return undefined;
  for (const facts of middleware) {
    const fn = positionOf(param, facts);
    if (fn && isOf(facts, fn, next, project)) return { fn, facts };
  }
  return undefined;
}

/** The function whose middleware a parameter would make it; undefined when it does not stand where `next` does. */
function positionOf(
  { fn, index, path }: NonNullable<Binding["param"]>,
  facts: MiddlewareFacts,
): Fn | undefined {
  if (fn.rest || fn.generator) return undefined;
  if (facts.next === "outer")
    return index === 0 && path.length === 0 && fn.params.length === 1 ? innerOf(fn) : undefined;
  if (typeof facts.next === "string")
    return index === 0 && path.length === 1 && path[0] === facts.next ? fn : undefined;
  return path.length === 0 && facts.next.includes(index) && fn.params.length === index + 1 ? fn : undefined;
}

/** The one function that stands directly in another and is returned by it. */
function innerOf(fn: Fn): Fn | undefined {
  const [only, ...others] = fn.body.flatMap((s) => (s.s === "return" && s.e?.k === "fn" ? [s.e.fn] : []));
  return others.length === 0 && only && !only.generator ? only : undefined;
}

function isOf(facts: MiddlewareFacts, fn: Fn, next: Binding, project: Project): boolean {
  const outer = next.param?.fn ?? fn;
  return (
    isTyped(facts, outer, next, project) ||
    isKnownByFile(facts, outer, next) ||
    [outer.module, ...importersOf(outer.module, project)].some((m) => isRegistered(facts, outer, m, project))
  );
}

function isTyped(facts: MiddlewareFacts, fn: Fn, next: Binding, project: Project): boolean {
  const { module } = fn;
  const says = (types: readonly TypeRef[], names: readonly string[]): boolean =>
    types.some(({ expr }) =>
      project.values
        .of(expr, module)
        .some((v) => v.v === "package" && facts.modules.test(v.specifier) && names.includes(lastOf(v.path))),
    );
  if (says(next.type, facts.nextTypes)) return true;
  if (fn.cls && fn.name === "use" && fn.cls.implemented.includes("NestMiddleware"))
    return facts.modules.test("@nestjs/common");
  const maker = fn.parent;
  return (
    nameOf(fn).some((bind) => says(bind.type, facts.types)) ||
    (maker !== undefined && says(maker.returnType, facts.types))
  );
}

/** The variables that hold a function. */
function nameOf(fn: Fn): Binding[] {
  return expressionsIn(fn.module).flatMap(({ e }) =>
    e.k === "set" && e.to.k === "id" && e.to.bind && e.e.k === "fn" && e.e.fn === fn ? [e.to.bind] : [],
  );
}

/** Its file imports the framework, and its parameters are called as everybody calls them. */
function isKnownByFile(facts: MiddlewareFacts, fn: Fn, next: Binding): boolean {
  const first = fn.params[0]?.[0]?.name ?? "";
  return (
    facts.first?.test(first) === true &&
    next.name === "next" &&
    fn.module.imports.some(({ specifier }) => facts.modules.test(specifier))
  );
}

function importersOf(module: Module, project: Project): Module[] {
  return project.index.importers(module.file).flatMap((file) => {
    const importer = project.index.isTest(file) ? undefined : project.module(file);
    return importer ? [importer] : [];
  });
}

/** Handed to a function or method of the framework: `app.use(fn)`, `createMiddleware(fn)`, `createTransport({ interceptors: [fn] })`. */
function isRegistered(facts: MiddlewareFacts, fn: Fn, module: Module, project: Project): boolean {
  return module.calls.some(
    ({ call }) =>
      isFrameworks(facts, call, module, project) && call.args.some((a) => holds(a, fn, module, project)),
  );
}

function isFrameworks(facts: MiddlewareFacts, { callee }: Call, module: Module, project: Project): boolean {
  return project.values.of(callee, module).some((v) => v.v === "package" && facts.modules.test(v.specifier));
}

function holds(e: Expr, fn: Fn, module: Module, project: Project): boolean {
  if (e.k === "arr") return e.items.some((i) => holds(i, fn, module, project));
  if (e.k === "obj")
    return e.props.some(({ name, value }) => name === "interceptors" && holds(value, fn, module, project));
  return project.values
    .of(e, module)
    .flatMap((v) => (v.v === "namespace" ? project.values.exported(v.module, "default") : [v]))
    .some((v) => v.v === "fn" && v.fn === fn);
}
