import type { Binding, Expr, Fn, Module, Span, Stmt } from "../syntax/ir.js";
import { expressionsOf, listsOf, operandsOf } from "../syntax/parts.js";

/** An expression, and the function in which it is evaluated. */
export interface Evaluated {
  e: Expr;
  fn: Fn;
}

/** Every expression of a module with the function that evaluates it, in the order of the text of each function. */
export function expressionsIn(module: Module): readonly Evaluated[] {
  let found = known.get(module);
  if (!found) {
    const all: Evaluated[] = [];
    for (const fn of module.fns) eachExpression(fn.body, (e) => all.push({ e, fn }));
    known.set(module, (found = all));
  }
  return found;
}

const known = new WeakMap<Module, readonly Evaluated[]>();

/** Hands over every expression that some statements evaluate; functions and classes in them are not entered. */
export function eachExpression(body: readonly Stmt[], take: (e: Expr) => void): void {
  const within = (e: Expr): void => {
    take(e);
    operandsOf(e).forEach(within);
  };
  for (const s of body) {
    expressionsOf(s).forEach(within);
    for (const list of listsOf(s)) eachExpression(list, take);
  }
}

/** An assignment to a member. */
export interface Put {
  to: Expr & { k: "mem" };
  e: Expr;
  op: string;
  fn: Fn;
  at: Span;
}

/** Every assignment to a member in a module. */
export function putsOf(module: Module): readonly Put[] {
  let found = puts.get(module);
  if (!found) {
    found = expressionsIn(module).flatMap(({ e, fn }) =>
      e.k === "set" && e.to.k === "mem" ? [{ to: e.to, e: e.e, op: e.op, fn, at: e.at }] : [],
    );
    puts.set(module, found);
  }
  return found;
}

const puts = new WeakMap<Module, readonly Put[]>();

/** Every variable that a module reads or writes by its plain name. */
export function variablesOf(module: Module): Binding[] {
  const found = new Set<Binding>();
  for (const { e } of expressionsIn(module)) if (e.k === "id" && e.bind) found.add(e.bind);
  return [...found];
}
