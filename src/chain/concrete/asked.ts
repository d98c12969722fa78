import type { Expr, Module, Stmt } from "../../syntax/ir.js";
import { listsOf, operandsOf } from "../../syntax/parts.js";

/** How the members that a module reads are read: called, read further, or only asked whether they are there. */
export interface Readings {
  /** Asked for by a condition, `typeof`, `??` or `?.`: that they may be missing is known. */
  asked: ReadonlySet<Expr>;
  /** Called or read further, so that the program fails without them. */
  needed: ReadonlySet<Expr>;
  /** `x.m?.()` as a statement of its own: the call, by the member. */
  optional: ReadonlyMap<Expr, Expr>;
  /** Written to. */
  written: ReadonlySet<Expr>;
}

const known = new WeakMap<Module, Readings>();

/** How each member is read in a module. */
export function readingsOf(module: Module): Readings {
  let readings = known.get(module);
  if (!readings) {
    const found = {
      asked: new Set<Expr>(),
      needed: new Set<Expr>(),
      optional: new Map<Expr, Expr>(),
      written: new Set<Expr>(),
    };
    for (const fn of module.fns) statements(fn.body, found);
    known.set(module, (readings = found));
  }
  return readings;
}

interface Found {
  asked: Set<Expr>;
  needed: Set<Expr>;
  optional: Map<Expr, Expr>;
  written: Set<Expr>;
}

function statements(body: readonly Stmt[], found: Found): void {
  for (const s of body) {
    if (s.s === "if") condition(s.test, found);
    if (s.s === "if" || (s.s === "loop" && s.test)) expression(s.test as Expr, found);
    if (s.s === "expr") {
      const call = s.e.k === "await" || s.e.k === "void" ? s.e.e : s.e;
      if (call.k === "call" && call.optional) found.optional.set(call.callee, call);
    }
    if (s.s === "expr" || s.s === "throw") expression(s.e, found);
    if (s.s === "return" && s.e) expression(s.e, found);
    if (s.s === "switch") expression(s.on, found);
    for (const list of listsOf(s)) statements(list, found);
  }
}

function condition(e: Expr, found: Found): void {
  if (e.k === "not") condition(e.e, found);
  else if (e.k === "logic") [e.l, e.r].forEach((o) => condition(o, found));
  else if (e.k === "mem") found.asked.add(e);
}

function expression(e: Expr, found: Found): void {
  switch (e.k) {
    case "not":
    case "logic":
      condition(e.k === "not" ? e.e : e.l, found);
      break;
    case "cond":
      condition(e.test, found);
      break;
    case "cmp":
      for (const side of [e.l, e.r]) found.asked.add(side.k === "seq" && side.es[0] ? side.es[0] : side);
      break;
    case "seq":
      for (const part of e.es) found.asked.add(part);
      break;
    case "call":
      (e.optional ? found.asked : found.needed).add(e.callee);
      break;
    case "mem":
      (e.optional ? found.asked : found.needed).add(e.o);
      break;
    case "set":
      found.written.add(e.to);
      break;
  }
  for (const o of operandsOf(e)) expression(o, found);
}
