import { ordinaryProviderMembers } from "../../knowledge/provider-members.js";
import type { Project } from "../../program/project.js";
import type { Binding, Expr, Fn } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import { testsAround } from "./capability.js";
import { isWithin } from "../links.js";
import { providersOf } from "./provider-kinds.js";
import type { RemovedUse } from "./removed-uses.js";
import { originOf } from "../same.js";
import { eachExpression, expressionsIn } from "../walk.js";

/**
 * Whether a guarded use is all that the program does to hand something to the provider, so that the guard, which never holds,
 * lets it get lost: the provider is made without it in this very module or is the one behind the global proxy, and nothing else
 * is done with it that could.
 */
export function isOnlyWay(use: RemovedUse, project: Project): boolean {
  const { read, fn, member, call } = use;
  const bind = read.o.k === "id" ? read.o.bind : undefined;
  if (!call || !member.takes || bind?.kind !== "var" || bind.values.length !== 1) return false;
  const origin = originOf(read.o);
  if (use.ofProxy ? isInBranch(use) : !isMadeWithout(origin, member.option) && !isDelegate(origin))
    return false;
  if (!asksInside(use) || !isOrdinary(bind, use)) return false;
  const outer = outermost(fn);
  return expressionsIn(fn.module).every(
    ({ e, fn: at }) => e === origin || !isWithin(at, outer) || !isAnotherWay(e, use, project),
  );
}

/** `new NodeTracerProvider({ resource })`, written out. */
function isMadeWithout(e: Expr, option: string | undefined): boolean {
  if (e.k !== "call" || !e.isNew || e.args.length > 1) return false;
  const [config] = e.args;
  if (!config) return true;
  return config.k === "obj" && config.props.every(({ name }) => name !== undefined && name !== option);
}

/** `p.getDelegate()`, or that where the proxy has it. */
function isDelegate(e: Expr): boolean {
  if (e.k === "cond") return isDelegate(e.then) || isDelegate(e.else);
  if (e.k === "logic") return isDelegate(e.l) || isDelegate(e.r);
  return e.k === "call" && e.callee.k === "mem" && e.callee.p === "getDelegate";
}

function outermost(fn: Fn): Fn {
  let at = fn;
  while (at.parent && at.parent.kind !== "module") at = at.parent;
  return at;
}

/** The guard stands in the function of the use, and is none that a caller relies on. */
function asksInside({ member, fn, call }: RemovedUse): boolean {
  let found = call?.optional === true;
  const called = new Set(fn.module.calls.map((c) => c.call.callee));
  eachExpression(fn.body, (e) => {
    found ||= e.k === "lit" && e.v === member.name;
    found ||= e.k === "mem" && e.p === member.name && !called.has(e);
  });
  return found;
}

/** The use stands in a branch of the guard: what is said of the proxy there says it all. */
const isInBranch = ({ member, fn, at }: RemovedUse): boolean =>
  testsAround(fn, at).some((test) =>
    evaluates(test, (e) => (e.k === "lit" && e.v === member.name) || (e.k === "mem" && e.p === member.name)),
  );

/** Everything that is done with the provider leaves its processors alone. */
function isOrdinary(bind: Binding, { fn, member }: RemovedUse): boolean {
  const isIt = (e: Expr): boolean => e.k === "id" && e.bind === bind;
  return expressionsIn(fn.module).every(({ e }) => {
    if (e.k === "mem" && isIt(e.o))
      return e.p === member.name || (e.p !== undefined && ordinaryProviderMembers.has(e.p));
    if (e.k !== "call" || !e.args.some(isIt)) return true;
    return e.callee.k === "mem" && e.callee.p === "setGlobalTracerProvider";
  });
}

/** Another provider is made there, the option is spoken of, or what is inside of a provider. */
function isAnotherWay(e: Expr, { member, fn }: RemovedUse, project: Project): boolean {
  if (e.k === "obj") return e.props.some(({ name }) => name === member.option);
  if (e.k === "mem")
    return e.p === member.option || e.p === "_activeSpanProcessor" || e.p === "_spanProcessors";
  if (e.k !== "call" || !e.isNew) return false;
  return providersOf(e, fn.module, project)?.classes.some((cls) => member.of.has(cls.name)) === true;
}
