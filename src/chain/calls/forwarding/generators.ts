import { niceGrpcModules } from "../../../knowledge/handler-events.js";
import type { ChainBreak } from "../../../program/details.js";
import { returnsOf } from "../../../program/value-sets.js";
import type { Binding, Call, Expr, Fn, Module } from "../../../syntax/ir.js";
import { evaluates } from "../../../syntax/parts.js";
import { placeOf } from "../after.js";
import { expressionsIn } from "../../walk.js";

/**
 * Middleware of nice-grpc, a generator around `call.next()`, that does not return what this returns: the response of a call with one
 * answer. nice-grpc 2.1 then throws "A middleware returned void", or hands out the generator itself. `parts` are the call.
 */
export function lostResponses(module: Module): ChainBreak[] {
  if (!module.imports.some(({ specifier }) => niceGrpcModules.test(specifier))) return [];
  return module.fns.flatMap((fn) => {
    const [first] = fn.params[0] ?? [];
    if (!fn.async || !fn.generator || !first || fn.params.length !== 2) return [];
    const calls = nextsOf(fn, first);
    const [call] = calls;
    // told apart by the kind of call: a part of it may well return nothing
    if (!call || readsKind(fn, first)) return [];
    const returned = returnsOf(fn.body);
    const raw = calls.find((c) => returned.includes(c));
    if (raw) return [broken(fn, raw, "raw-response")];
    // where every call has a stream for an answer, nothing is returned
    return returned.length === 0 && calls.every((c) => isYielded(c, fn))
      ? [{ ...broken(fn, call, "lost-response"), strict: true }]
      : [];
  });
}

const broken = (fn: Fn, call: Call, kind: string): ChainBreak => ({
  kind: "chain-break",
  check: "not-forwarded",
  fn,
  at: call.at,
  call,
  names: [kind],
  parts: [call],
});

/** The calls of `call.next` in a function itself. */
const nextsOf = (fn: Fn, first: Binding): Call[] =>
  fn.module.calls.flatMap(({ call, fn: at }) =>
    at === fn && isMember(call.callee, first, "next") ? [call] : [],
  );

const isMember = (e: Expr, of: Binding, name: string): boolean =>
  e.k === "mem" && e.p === name && e.o.k === "id" && e.o.bind === of;

const readsKind = (fn: Fn, first: Binding): boolean =>
  expressionsIn(fn.module).some(
    ({ e, fn: at }) =>
      at === fn &&
      evaluates(e, (x) => isMember(x, first, "responseStream") || isMember(x, first, "requestStream")),
  );

/** A statement of its own, behind `yield*`; a loop over it hands on a stream. */
function isYielded(call: Call, fn: Fn): boolean {
  const statement = placeOf(call, fn)?.statement;
  return statement?.s === "expr" && statement.e.k === "seq" && statement.e.es.length === 1;
}
