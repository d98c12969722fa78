import type { ChainBreak } from "../../program/details.js";
import { linkWords } from "../../knowledge/link-words.js";
import type { Binding, Call, Expr, Fn, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { isWithin } from "../links.js";
import { modulesSaying } from "../modules.js";
import { isTarget, proxiesOf, type ProxyMade, reflected } from "./proxies.js";
import { expressionsIn } from "../walk.js";

/**
 * A `construct` trap that leaves out what was called with `new`: a class that extends the `Proxy` gets an instance of the base
 * class, without its own methods. `parts`: the target as it is called. `fn` is the trap.
 */
export const newTarget: Check = {
  id: "new-target",
  summary: "A `construct` trap builds the base class for every subclass.",
  strict: false,
  find: (project) => modulesSaying(linkWords.proxy, project).flatMap((module) => breaksIn(module)),
  message: () =>
    "This trap builds an instance of the wrapped class whatever was called with new, so a subclass of it comes back without its own methods; " +
    "hand newTarget on with Reflect.construct(target, args, newTarget).",
};

function breaksIn(module: Module): ChainBreak[] {
  return proxiesOf(module).flatMap((proxy) => {
    const trap = proxy.traps.get("construct");
    if (!trap || knowsNewTarget(trap, module)) return [];
    return builtIn(trap, proxy, module).map(([call, target]): ChainBreak => ({
      kind: "chain-break",
      check: "new-target",
      fn: trap,
      at: call.at,
      call,
      names: [],
      parts: [target],
      others: [{ fn: proxy.fn, at: proxy.call.at, message: "The class is wrapped here" }],
    }));
  });
}

/** The calls of a trap that build the target, each with the target as it stands there. */
function builtIn(trap: Fn, proxy: ProxyMade, module: Module): [Call, Expr][] {
  return module.calls.flatMap(({ call, fn }): [Call, Expr][] => {
    if (!isWithin(fn, trap) || isKept(call, trap, module)) return [];
    if (call.isNew) return isTarget(call.callee, proxy, trap) ? [[call, call.callee]] : [];
    const [built] = call.args;
    if (!built || reflected(call) !== "construct" || call.args.length !== 2) return [];
    return isTarget(built, proxy, trap) ? [[call, built]] : [];
  });
}

/** The trap reads its third parameter, takes all of them, or says `arguments`. */
function knowsNewTarget(trap: Fn, module: Module): boolean {
  const third = trap.params[2];
  if (trap.rest || third?.some((bind) => bind.uses.length > 0)) return true;
  return expressionsIn(module).some(
    ({ e, fn }) => e.k === "id" && e.name === "arguments" && !e.bind && isWithin(fn, trap),
  );
}

/** One instance for all: it is kept in a variable outside of the trap. */
const isKept = (call: Call, trap: Fn, module: Module): boolean =>
  expressionsIn(module).some(
    ({ e }) => e.k === "set" && reads(e.e, call) && e.to.k === "id" && !isOwn(e.to.bind, trap),
  );

const reads = (e: Expr, call: Call): boolean => e === call || (e.k === "logic" && reads(e.r, call));

const isOwn = (bind: Binding | undefined, trap: Fn): boolean =>
  bind !== undefined && isWithin(bind.owner, trap);
