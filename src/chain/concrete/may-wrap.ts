import type { Binding, Expr, Fn, Member } from "../../syntax/ir.js";
import { assignedTo, assignedToField } from "./assigned.js";
import type { Evaluator } from "./evaluate.js";
import { wrappingOf, type Wrapping } from "./wrapping.js";

/** The wrappers that an expression may be. */
export function wrappingsOf(e: Expr, fn: Fn, evaluator: Evaluator): Wrapping[] {
  return mayWrap(e, evaluator) ? evaluator.of(e, fn).flatMap((h) => wrappingOf(h, evaluator) ?? []) : [];
}

/** Whether something is ever put into the variable or field that may be a wrapper: asked once, not for each read. */
function mayWrap(e: Expr, evaluator: Evaluator): boolean {
  if (e.k === "mem" && e.o.k === "this" && e.p !== undefined) {
    const { cls } = e.o;
    const { p } = e;
    const member = cls?.members.get(p);
    if (!cls || !member) return cls?.superClass !== undefined;
    return !member.fn && ever(member, evaluator, () => assignedToField(cls, p));
  }
  if (e.k !== "id")
    return e.k === "mem" || e.k === "call" || e.k === "await" || e.k === "cond" || e.k === "logic";
  const { bind } = e;
  if (!bind) return false;
  return ever(bind, evaluator, () => (bind.from ? [{ e, fn: bind.owner }] : assignedTo(bind)));
}

const known = new WeakMap<Binding | Member, boolean>();

function ever(key: Binding | Member, evaluator: Evaluator, values: () => { e: Expr; fn: Fn }[]): boolean {
  let wraps = known.get(key);
  if (wraps === undefined) {
    wraps = values().some(({ e, fn }) =>
      evaluator.of(e, fn).some((h) => wrappingOf(h, evaluator) !== undefined),
    );
    known.set(key, wraps);
  }
  return wraps;
}
