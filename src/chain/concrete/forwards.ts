import type { Binding, Cls, Expr, Fn } from "../../syntax/ir.js";
import { readingsOf } from "./asked.js";
import type { Evaluator } from "./evaluate.js";
import type { Held } from "./holding.js";
import { isWithin } from "../originals.js";
import { lineOf } from "./own-members.js";
import { isSame, originOf } from "../same.js";
import { expressionsIn } from "../walk.js";

/** What calls are forwarded to, as it is named where that is done. */
export interface Target {
  e: Expr;
  fn: Fn;
}

/** The fields whose member of the same name the methods of a class call. */
export function fieldsOf(cls: Cls, evaluator: Evaluator): Target[] {
  const found: Target[] = [];
  for (const c of lineOf(cls, evaluator) ?? [])
    for (const { e, fn, method } of forwardsIn(c))
      if (method === e.p) add(found, originOf(e.o), fn, isOwnField);
  return found;
}

interface Forward {
  e: Expr & { k: "mem" };
  fn: Fn;
  method: string;
}

const forwards = new WeakMap<Cls, Forward[]>();

/** What the methods of a class call on something, where that has the name of the method. */
function forwardsIn(cls: Cls): Forward[] {
  let found = forwards.get(cls);
  if (!found) {
    const methods = new Map<Fn, string>();
    for (const { fn, name } of cls.members.values())
      if (fn && fn.kind !== "constructor") methods.set(fn, name);
    const methodOf = (fn: Fn | undefined): string | undefined =>
      fn && (methods.get(fn) ?? methodOf(fn.parent));
    const { needed } = readingsOf(cls.module);
    found = [];
    if (methods.size > 0)
      for (const { e, fn } of expressionsIn(cls.module)) {
        const method = e.k === "mem" && needed.has(e) ? methodOf(fn) : undefined;
        if (e.k === "mem" && method !== undefined && e.p === method) found.push({ e, fn, method });
      }
    forwards.set(cls, found);
  }
  return found;
}

const isOwnField = (e: Expr): boolean => e.k === "mem" && e.o.k === "this" && e.p !== undefined;

/** The variables from outside whose member of the same name the functions of a literal call, or are. */
export function variablesOf({ obj, fn: maker }: Held & { is: "object" }): Target[] {
  const found: Target[] = [];
  const { needed } = readingsOf(maker.module);
  for (const { name, value } of obj.props) {
    if (name === undefined) continue;
    const bound =
      value.k === "call" && value.callee.k === "mem" && value.callee.p === "bind" ? value.callee.o : value;
    if (bound !== value && bound.k === "mem" && bound.p === name) add(found, bound.o, maker, isVariable);
    if (value.k !== "fn") continue;
    const isOutside = (bind: Binding | undefined): boolean =>
      bind !== undefined && !isWithin(bind.owner, value.fn);
    for (const { e, fn } of expressionsIn(maker.module))
      if (
        e.k === "mem" &&
        e.p === name &&
        needed.has(e) &&
        isWithin(fn, value.fn) &&
        e.o.k === "id" &&
        isOutside(e.o.bind)
      )
        add(found, e.o, fn, isVariable);
  }
  return found;
}

const isVariable = (e: Expr): boolean => e.k === "id" && e.bind !== undefined && !e.bind.from;

function add(found: Target[], e: Expr, fn: Fn, isTarget: (e: Expr) => boolean): void {
  if (isTarget(e) && !found.some((f) => isSame(f.e, e))) found.push({ e, fn });
}
