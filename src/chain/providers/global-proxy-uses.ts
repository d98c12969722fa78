import { proxyMembers, sdkProviderMembers, tracerProviders } from "../../knowledge/provider-members.js";
import type { Project } from "../../program/project.js";
import type { Expr, Fn, Module, Span } from "../../syntax/ir.js";
import { globalProxies, type ProxyOrigin } from "./global-proxy.js";
import { classOf } from "./provider-kinds.js";
import { expressionsIn, type Evaluated } from "../walk.js";

/**
 * A use of the API's proxy as if it were a provider of the SDK. `call`: a member is called. `skip`: it is called with `?.`.
 * `test`: it is asked whether the member is there. `class`: it is asked whether it is an instance of an SDK's class.
 */
export interface ProxyUse {
  kind: "call" | "skip" | "test" | "class";
  /** The member or the class. */
  name: string;
  fn: Fn;
  at: Span;
  /** The proxy, as it stands there. */
  proxy: Expr;
  origins: ProxyOrigin[];
}

/** Every use of a proxy as a provider in a module; none of a proxy that is asked for its delegate as well. */
export function proxyUsesIn(module: Module, project: Project): ProxyUse[] {
  const callees = new Map<Expr, boolean>();
  const written = new Set<Expr>();
  for (const { e } of expressionsIn(module)) {
    if (e.k === "call") callees.set(e.callee, e.optional);
    if (e.k === "set") written.add(e.to);
  }
  return expressionsIn(module).flatMap((evaluated): ProxyUse[] => {
    const asked = askedOf(evaluated.e, callees, module, project);
    if (!asked || written.has(evaluated.e)) return [];
    const origins = globalProxies(asked.proxy, module, project);
    if (!origins || unwraps(evaluated, asked.proxy)) return [];
    return [{ ...asked, fn: evaluated.fn, at: evaluated.e.at, origins }];
  });
}

type Asked = Pick<ProxyUse, "kind" | "name" | "proxy">;

function askedOf(
  e: Expr,
  callees: ReadonlyMap<Expr, boolean>,
  module: Module,
  project: Project,
): Asked | undefined {
  if (e.k === "mem") {
    if (e.p === undefined || !Object.hasOwn(sdkProviderMembers, e.p)) return undefined;
    const optional = callees.get(e);
    const kind = optional === undefined ? "test" : optional ? "skip" : "call";
    return { kind, name: e.p, proxy: e.o };
  }
  if (e.k !== "cmp") return undefined;
  if (e.op === "in") {
    const name = e.l.k === "lit" ? String(e.l.v) : "";
    return Object.hasOwn(sdkProviderMembers, name) ? { kind: "test", name, proxy: e.r } : undefined;
  }
  const name = e.op === "instanceof" ? providerClass(e.r, module, project) : undefined;
  return name === undefined ? undefined : { kind: "class", name, proxy: e.l };
}

/** The name of a class of tracer providers of the SDK. */
function providerClass(e: Expr, module: Module, project: Project): string | undefined {
  const [first, ...others] = project.values.of(e, module);
  const name = first && others.length === 0 ? classOf(first, "class")?.name : undefined;
  return name !== undefined && tracerProviders.has(name) ? name : undefined;
}

/** Whether the proxy is asked for what is behind it too: in the functions around the use, or through the same variable. */
function unwraps({ fn }: Evaluated, proxy: Expr): boolean {
  const around = new Set<Fn>();
  for (let f: Fn | undefined = fn; f && (f.kind !== "module" || f === fn); f = f.parent) around.add(f);
  const bind = proxy.k === "id" ? proxy.bind : undefined;
  return expressionsIn(fn.module).some(({ e, fn: at }) => {
    const of = askedBehind(e);
    return of !== undefined && (around.has(at) || (bind !== undefined && of.k === "id" && of.bind === bind));
  });
}

function askedBehind(e: Expr): Expr | undefined {
  if (e.k === "mem") return e.p !== undefined && proxyMembers.has(e.p) ? e.o : undefined;
  if (e.k !== "cmp") return undefined;
  if (e.op === "in") return e.l.k === "lit" && proxyMembers.has(String(e.l.v)) ? e.r : undefined;
  const named = e.r.k === "id" ? e.r.name : e.r.k === "mem" ? e.r.p : undefined;
  return e.op === "instanceof" && named === "ProxyTracerProvider" ? e.l : undefined;
}
