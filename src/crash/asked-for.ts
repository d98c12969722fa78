import type { Expr, Fn, Module, Stmt } from "../syntax/ir.js";
import { listsOf } from "../syntax/parts.js";

/** A thing that a program asks something for by its name: `getQueue("mail")`. */
export interface AskedFor {
  by: string;
  name: string;
}

/** What the receiver of a call was asked for by, as its own file shows: `this.queue = getQueue("mail")`. */
export function askedFor(e: Expr, fn: Fn): AskedFor | undefined {
  const found = valuesOf(e, fn.module).map(asked);
  const [first] = found;
  return first && found.every((a) => a?.by === first.by && a.name === first.name) ? first : undefined;
}

/** Both are known, asked of the same, and by different names. */
export const isAnother = (a: AskedFor | undefined, b: AskedFor | undefined): boolean =>
  a !== undefined && b?.by === a.by && a.name !== b.name;

function asked(e: Expr): AskedFor | undefined {
  if (e.k === "await") return asked(e.e);
  if (e.k !== "call") return undefined;
  const { callee, args } = e;
  const by = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
  const [first] = args;
  return by !== undefined && first?.k === "lit" && typeof first.v === "string"
    ? { by, name: first.v }
    : undefined;
}

function valuesOf(e: Expr, module: Module): readonly Expr[] {
  if (e.k === "call") return [e];
  if (e.k === "id") return e.bind?.values ?? [];
  if (e.k !== "mem" || e.o.k !== "this" || e.p === undefined) return [];
  const { p } = e;
  return module.fns.flatMap((fn) => assigned(fn.body, p));
}

/** What is assigned to a field of `this`. */
const assigned = (body: readonly Stmt[], field: string): Expr[] =>
  body.flatMap((s) => {
    const set = s.s === "expr" && s.e.k === "set" ? s.e : undefined;
    const own = set?.to.k === "mem" && set.to.o.k === "this" && set.to.p === field ? [set.e] : [];
    return [...own, ...listsOf(s).flatMap((l) => assigned(l, field))];
  });
