import { apiWithoutProxy } from "../../knowledge/provider-members.js";
import type { Project } from "../../program/project.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Call, Expr, Fn, Member, Module, Span } from "../../syntax/ir.js";
import { mayAskFor } from "../../versions/package-versions.js";

/** Where a proxy around the global tracer provider comes from: `trace.getTracerProvider()`, or what an instrumentation is given. */
export interface ProxyOrigin {
  fn: Fn;
  at: Span;
  call: Call | undefined;
}

const DEEPEST = 12;

type Next = (e: Expr, module?: Module) => ProxyOrigin[] | undefined;

/**
 * Where an expression has the API's proxy from, if it can be nothing else; undefined when it may be something else. The API
 * hands out its `ProxyTracerProvider` before a provider is registered and after.
 */
export function globalProxies(
  e: Expr,
  module: Module,
  project: Project,
  depth = 0,
): ProxyOrigin[] | undefined {
  if (depth > DEEPEST) return undefined;
  const next: Next = (inner, at = module) => globalProxies(inner, at, project, depth + 1);
  switch (e.k) {
    case "await":
    case "set":
      return next(e.e);
    case "cond":
      return both(next(e.then), next(e.else));
    case "logic":
      // a proxy is never nullish or false
      return e.op === "&&" ? next(e.r) : next(e.l);
    case "call":
      return called(e, module, project, next);
    case "id": {
      const { bind } = e;
      if (bind?.from) return imported(bind.from.specifier, bind.from.name, module, project, next);
      if (bind?.param) return handed(bind.param.fn, bind.param.index, project);
      return bind?.kind === "var" ? all(bind.values, next) : undefined;
    }
    case "mem": {
      if (e.p === undefined) return undefined;
      const member = e.o.k === "this" ? e.o.cls?.members.get(e.p) : undefined;
      if (member) return field(member, next);
      const bind = e.o.k === "id" ? e.o.bind : undefined;
      return bind?.from?.name === "*" ? imported(bind.from.specifier, e.p, module, project, next) : undefined;
    }
    default:
      return undefined;
  }
}

const both = (a: ProxyOrigin[] | undefined, b: ProxyOrigin[] | undefined): ProxyOrigin[] | undefined =>
  a && b ? [...a, ...b] : undefined;

/** Everything that is assigned has to be a proxy; what only says that there is nothing yet does not count. */
function all(values: readonly Expr[], next: Next): ProxyOrigin[] | undefined {
  const some = values.filter((e) => !(e.k === "lit" && (e.v === undefined || e.v === null)));
  return some.length === 0 ? undefined : some.map((e) => next(e)).reduce(both);
}

function field({ fn, values }: Member, next: Next): ProxyOrigin[] | undefined {
  if (!fn) return all(values, next);
  return fn.kind === "accessor" ? all(returnsOf(fn.body), next) : undefined;
}

function called(call: Call, module: Module, project: Project, next: Next): ProxyOrigin[] | undefined {
  const [callee, ...others] = call.isNew ? [] : project.values.callee(call.callee, module);
  if (!callee || others.length > 0) return undefined;
  if (callee.v === "sdk") {
    const isGetter = callee.sdk.is === "factory" && callee.sdk.cls.name === "ProxyTracerProvider";
    const fn = module.calls.find((c) => c.call === call)?.fn;
    return isGetter && fn && !withoutProxy(module, project) ? [{ fn, at: call.at, call }] : undefined;
  }
  if (callee.v !== "fn" || callee.fn.generator) return undefined;
  const { module: home, body } = callee.fn;
  return all(returnsOf(body), (e) => next(e, home));
}

const withoutProxy = (module: Module, project: Project): boolean =>
  apiWithoutProxy.some((range) => mayAskFor(module.file, "@opentelemetry/api", range, project));

function imported(
  specifier: string,
  name: string,
  from: Module,
  project: Project,
  next: Next,
  depth = 0,
): ProxyOrigin[] | undefined {
  const file = project.index.resolve(from.file, specifier);
  const module = file === undefined ? undefined : project.module(file);
  if (!module || depth > DEEPEST) return undefined;
  const exported = module.exports.get(name);
  if (exported?.kind === "value") return next(exported.e, module);
  if (exported) return imported(exported.specifier, exported.name, module, project, next, depth + 1);
  for (const other of module.reexports) {
    const found = imported(other, name, module, project, next, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/**
 * `setTracerProvider(provider)` of an instrumentation: `registerInstrumentations` hands it `trace.getTracerProvider()` unless it is
 * told of another provider, which `NodeSDK` does not (@opentelemetry/instrumentation 0.203.0, sdk-node 0.200.0).
 */
function handed(fn: Fn, index: number, project: Project): ProxyOrigin[] | undefined {
  if (index !== 0 || fn.name !== "setTracerProvider" || fn.kind !== "method" || !fn.cls?.superClass)
    return undefined;
  const isInstrumentation = project.values
    .of(fn.cls.superClass, fn.module)
    .some((v) => v.v === "package" && v.specifier === "@opentelemetry/instrumentation");
  return isInstrumentation ? [{ fn, at: fn.at, call: undefined }] : undefined;
}
