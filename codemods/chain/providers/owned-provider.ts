import { tracerProviders } from "../../../src/knowledge/provider-members.js";
import { providersOf } from "../../../src/chain/providers/provider-kinds.js";
import { expressionsIn } from "../../../src/chain/walk.js";
import { isWithin } from "../../../src/chain/links.js";
import type { Project } from "../../../src/program/project.js";
import type { Binding, Call, Expr, Fn, Module } from "../../../src/syntax/ir.js";

/**
 * The provider that a module makes and registers, if it makes one only, by the constant that holds it wherever a place is: the top
 * level of the module, or a function around the place.
 */
export function ownedProvider(place: { fn: Fn; call: Call }, project: Project): Binding | undefined {
  const { module } = place.fn;
  const found = new Set<Binding>();
  for (const { e } of expressionsIn(module)) {
    const bind = registered(e);
    if (bind && isProvider(bind, module, project)) found.add(bind);
  }
  const [owned, ...others] = found;
  if (!owned || others.length > 0 || !isWithin(place.fn, owned.owner)) return undefined;
  // what runs at once comes after it, what runs later may stand before
  const made = owned.values[0]?.at[1] ?? Infinity;
  return place.fn === owned.owner && place.call.at[0] < made ? undefined : owned;
}

/** `provider.register()`, `trace.setGlobalTracerProvider(provider)` */
function registered(e: Expr): Binding | undefined {
  if (e.k !== "call" || e.callee.k !== "mem") return undefined;
  const { o, p } = e.callee;
  const provider = p === "register" ? o : p === "setGlobalTracerProvider" ? e.args[0] : undefined;
  return provider?.k === "id" ? provider.bind : undefined;
}

/** A constant that is set where it is declared, at the top level of its function. */
function isProvider(bind: Binding, module: Module, project: Project): boolean {
  const [value, ...others] = bind.values;
  if (!bind.constant || !value || others.length > 0) return false;
  if (value.k !== "call" || !value.isNew) return false;
  const kinds = providersOf(value, module, project);
  return kinds !== undefined && !kinds.proxy && kinds.classes.every((c) => tracerProviders.has(c.name));
}
