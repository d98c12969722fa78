import { spanKeepers } from "../knowledge/spans.js";
import type { Expr, Module, Stmt } from "../syntax/ir.js";
import { listsOf } from "../syntax/parts.js";
import { calledName } from "./spans.js";
import { expressionsIn } from "./walk.js";

/**
 * Whether a span may be ended by somebody who is given it: it is an argument, is returned, or is kept in something. Its own methods,
 * tests of it, and functions that are known to leave it open do not count. A span that is no variable is taken to be handed on,
 * unless it is asked for anew each time.
 */
export function isHandedOn(span: Expr, module: Module): boolean {
  if (span.k !== "id" || !span.bind) return span.k !== "call";
  const harmless = new Set(module.fns.flatMap((fn) => testsIn(fn.body)));
  const reads: Expr[] = [];
  for (const { e } of expressionsIn(module)) {
    if (e.k === "id" && e.bind === span.bind) reads.push(e);
    for (const part of leftAlone(e)) harmless.add(part);
  }
  return reads.some((e) => !harmless.has(e));
}

/** The parts of an expression to which it does nothing that could end them. */
function leftAlone(e: Expr): readonly Expr[] {
  switch (e.k) {
    case "mem":
      return [e.o];
    case "call":
      return spanKeepers.has(calledName(e) ?? "") ? e.args : [e.callee];
    case "set":
      return [e.to];
    case "logic":
      return e.op === "&&" ? [e.l] : [];
    case "cond":
      return [e.test];
    case "not":
      return [e.e];
    case "cmp":
      return [e.l, e.r];
    default:
      return [];
  }
}

const testsIn = (body: readonly Stmt[]): Expr[] =>
  body.flatMap((s) => [...(s.s === "if" ? [s.test] : []), ...listsOf(s).flatMap(testsIn)]);
