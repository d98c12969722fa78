import { sdkProviderMembers } from "../../knowledge/provider-members.js";
import type { Binding, Expr } from "../../syntax/ir.js";
import { operandsOf } from "../../syntax/parts.js";
import { isWithin } from "../links.js";
import { expressionsIn } from "../walk.js";
import type { ProxyUse } from "./global-proxy-uses.js";

/**
 * Whether what a guarded branch would attach to the proxy is given to something that is made around it too, such as a provider
 * of its own where the global one takes nothing: the branch is dead, and nothing is lost.
 */
export function isAttachedElsewhere(uses: readonly ProxyUse[]): boolean {
  const [first] = uses;
  if (!first || first.kind === "call") return false;
  if (!uses.every((use) => use.fn === first.fn && sdkProviderMembers[use.name] === "attach")) return false;
  const around = expressionsIn(first.fn.module).filter(({ fn }) => isWithin(fn, first.fn));
  const attached = new Set<Binding>();
  for (const { e } of around) {
    if (e.k !== "call" || e.callee.k !== "mem" || e.callee.p !== first.name) continue;
    for (const arg of e.args) if (arg.k === "id" && arg.bind) attached.add(arg.bind);
  }
  return around.some(({ e }) => e.k === "call" && e.isNew && e.args.some((arg) => reads(arg, attached)));
}

const reads = (e: Expr, binds: ReadonlySet<Binding>): boolean =>
  e.k === "id" ? e.bind !== undefined && binds.has(e.bind) : operandsOf(e).some((part) => reads(part, binds));
