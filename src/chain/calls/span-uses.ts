import { spanEnds, spanKeepers } from "../../knowledge/spans.js";
import type { Project } from "../../program/project.js";
import type { Binding, Call, Expr, Module, Stmt } from "../../syntax/ir.js";
import { listsOf } from "../../syntax/parts.js";
import { calledName } from "../spans.js";
import { expressionsIn } from "../walk.js";

/** Functions that hand a span to functions are followed this far. */
const FAR = 3;

/**
 * Whether a span may be ended by somebody who is given it: it is an argument, is returned, or is kept in something. Its own methods,
 * tests of it, and functions that are known or seen to leave it open do not count. A span that is no variable is taken to be
 * handed on, unless it is asked for anew each time.
 */
export function isHandedOn(span: Expr, module: Module, project: Project): boolean {
  if (span.k !== "id" || !span.bind) return span.k !== "call";
  return isGiven(span.bind, module, project, FAR);
}

function isGiven(bind: Binding, module: Module, project: Project, far: number): boolean {
  const harmless = new Set(module.fns.flatMap((fn) => testsIn(fn.body)));
  const reads: Expr[] = [];
  for (const { e } of expressionsIn(module)) {
    if (e.k === "id" && e.bind === bind) reads.push(e);
    for (const part of leftAlone(e)) harmless.add(part);
    if (e.k === "call")
      for (const [i, part] of e.args.entries())
        if (part.k === "id" && part.bind === bind && leavesOpen(e, i, module, project, far))
          harmless.add(part);
  }
  return reads.some((e) => !harmless.has(e));
}

/** Whether the functions of the program that a call means neither end their parameter nor hand it on. */
function leavesOpen(call: Call, index: number, module: Module, project: Project, far: number): boolean {
  const callees = far > 0 && !call.isNew ? project.values.of(call.callee, module) : [];
  return (
    callees.length > 0 &&
    callees.every((v) => {
      const [bind, ...others] = v.v === "fn" ? (v.fn.params[index] ?? []) : [];
      if (v.v !== "fn" || !bind || others.length > 0 || v.fn.rest) return false;
      return !endsIt(bind, v.fn.module) && !isGiven(bind, v.fn.module, project, far - 1);
    })
  );
}

const endsIt = (bind: Binding, module: Module): boolean =>
  expressionsIn(module).some(
    ({ e }) => e.k === "mem" && spanEnds.has(e.p ?? "") && e.o.k === "id" && e.o.bind === bind,
  );

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
