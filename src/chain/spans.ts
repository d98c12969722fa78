import {
  carriers,
  selfEnding,
  spanCallbacks,
  spanEnds,
  spanStarts,
  spanTypes,
  timerStarts,
} from "../knowledge/spans.js";
import type { Binding, Call, Expr, Fn, Module, TypeRef } from "../syntax/ir.js";
import { isSame, originOf } from "./same.js";
import { putsOf } from "./walk.js";

/** The name by which a call calls: of a member, or of a plain function. */
export const calledName = ({ callee }: Call): string | undefined =>
  callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;

/**
 * What a call ends: the span, transaction or timer on which `end()` or its like is called. Undefined for all else: many things
 * have an `end`.
 */
export function endedBy(e: Expr, module: Module): Expr | undefined {
  if (e.k !== "call" || e.isNew) return undefined;
  const { callee } = e;
  if (callee.k === "id") return callee.bind && startedBy(callee.bind, timerStarts) ? callee : undefined;
  if (callee.k !== "mem" || !spanEnds.has(callee.p ?? "")) return undefined;
  return callee.p === "endSpan" || isSpan(callee.o, module) ? callee.o : undefined;
}

/** Whether an expression is a span: a variable or member that was given one, as far as its file shows. */
export function isSpan(e: Expr, module: Module): boolean {
  const origin = originOf(e);
  if (origin.k === "call") return isStart(origin);
  if (origin.k === "id" && origin.bind) return isSpanVariable(origin.bind);
  return (
    origin.k === "mem" &&
    putsOf(module).some(({ to, e: put }) => isSame(to, origin) && isStart(originOf(put)))
  );
}

function isSpanVariable(bind: Binding): boolean {
  if (startedBy(bind, spanStarts) || bind.type.some(isSpanType)) return true;
  const { param } = bind;
  return (
    param?.index !== undefined && param.path.length === 0 && callersOf(param.fn, spanCallbacks).length > 0
  );
}

const isSpanType = ({ expr }: TypeRef): boolean =>
  (expr.k === "mem" ? spanTypes.has(expr.p ?? "") : expr.k === "id" && spanTypes.has(expr.name)) &&
  cameFromPackage(expr);

/** A type that a package has: a class or type of the program may be called `Span` as well. */
const cameFromPackage = (e: Expr): boolean =>
  e.k === "mem" ? cameFromPackage(e.o) : e.k === "id" && /^[@a-z]/.test(e.bind?.from?.specifier ?? "");

const startedBy = (bind: Binding, starts: ReadonlySet<string>): boolean =>
  bind.values.some((e) => isStart(e, starts));

function isStart(e: Expr, starts: ReadonlySet<string> = spanStarts): boolean {
  if (e.k === "await" || e.k === "set") return isStart(e.e, starts);
  if (e.k === "logic") return isStart(e.l, starts) || isStart(e.r, starts);
  if (e.k === "cond") return isStart(e.then, starts) || isStart(e.else, starts);
  // what is given a callback hands back what that returns
  return e.k === "call" && starts.has(calledName(e) ?? "") && !e.args.some((a) => a.k === "fn");
}

/** The calls of the given names to which a function is handed as it stands. */
function callersOf(fn: Fn, names: ReadonlySet<string>): Call[] {
  return fn.module.calls.flatMap(({ call }) =>
    names.has(calledName(call) ?? "") && call.args.some((a) => a.k === "fn" && a.fn === fn) ? [call] : [],
  );
}

/** Whether what runs a function ends a span as soon as the function, or its promise, is done. */
export const endsItself = (fn: Fn): boolean => callersOf(fn, selfEnding).length > 0;

/** The calls that run a function inside of a span, scope or context, and hand back what it returns. */
export const carriersOf = (fn: Fn): Call[] => callersOf(fn, carriers);
