import type { Expr, Stmt } from "./ir.js";

export type Attempt = Stmt & { s: "try" };

/** The statement lists inside a statement. */
export function listsOf(s: Stmt): readonly (readonly Stmt[])[] {
  switch (s.s) {
    case "block":
    case "loop":
    case "label":
      return [s.body];
    case "if":
      return s.else ? [s.then, s.else] : [s.then];
    case "try":
      return [s.block, s.handler ?? [], s.finalizer ?? []];
    case "switch":
      return s.cases.map((c) => c.body);
    default:
      return [];
  }
}

/** The expressions that a statement evaluates itself, outside of the statements in it. */
export function expressionsOf(s: Stmt): readonly Expr[] {
  switch (s.s) {
    case "expr":
    case "throw":
      return [s.e];
    case "return":
      return s.e ? [s.e] : [];
    case "if":
      return [s.test];
    case "loop":
      return [s.test, s.update].filter((e) => e !== undefined);
    case "switch":
      return [s.on, ...s.cases.flatMap((c) => (c.test ? [c.test] : []))];
    default:
      return [];
  }
}

/** The expressions that an expression evaluates, one step down; functions and classes in it are not entered. */
export function operandsOf(e: Expr): readonly Expr[] {
  switch (e.k) {
    case "mem":
      return [e.o];
    case "call":
      return [e.callee, ...e.args];
    case "await":
    case "spread":
    case "not":
    case "void":
      return [e.e];
    case "set":
      return [e.to, e.e];
    case "cond":
      return [e.test, e.then, e.else];
    case "logic":
    case "cmp":
      return [e.l, e.r];
    case "obj":
      return e.props.map((p) => p.value);
    case "arr":
      return e.items;
    case "seq":
      return e.es;
    case "import":
      return e.of ? [e.of] : [];
    default:
      return [];
  }
}

/** Whether an expression, or one that it evaluates, is such a one. */
export const evaluates = (e: Expr, wanted: (e: Expr) => boolean): boolean =>
  wanted(e) || operandsOf(e).some((o) => evaluates(o, wanted));

/** Every `try` with a handler in these statements, the outer ones first; functions in them are not entered. */
export const attemptsOf = (body: readonly Stmt[]): Attempt[] =>
  body.flatMap((s) => [...(s.s === "try" && s.handler ? [s] : []), ...listsOf(s).flatMap(attemptsOf)]);
