import type { Binding, Call, Expr, Fn, Span, Stmt } from "../syntax/ir.js";
import { listsOf } from "../syntax/parts.js";

/**
 * What becomes of a thing that a call makes. `dropped`: nobody keeps it. `kept`: in a variable whose uses are all calls of its
 * own methods. `given`: it is returned, exported, stored or passed on.
 */
export interface Keeping {
  kind: "dropped" | "kept" | "given";
  /** The calls that take it as an argument, as far as they stand in its file. */
  takers: { call: Call; fn: Fn }[];
}

/** What becomes of what a call makes, as its file shows. */
export function keepingOf(call: Call, fn: Fn): Keeping {
  const statement = statementOf(fn.body, call);
  if (statement && alone(statement.e) === call) return { kind: "dropped", takers: [] };
  const bind = statement && boundTo(statement.e, call);
  if (!bind) return { kind: "given", takers: takersOf(fn, (e) => within(call.at, e.at)) };
  const calls = fn.module.calls;
  const own = (at: Span): boolean =>
    calls.some(
      ({ call: { callee } }) => callee.k === "mem" && callee.o.at[0] === at[0] && callee.o.at[1] === at[1],
    );
  const kept = !isExported(bind) && bind.uses.every((u) => own(u.at));
  return {
    kind: kept ? "kept" : "given",
    takers: kept ? [] : takersOf(fn, (e) => bind.uses.some((u) => within(u.at, e.at))),
  };
}

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

/** Calls that are given such an expression directly, or in a literal. */
const takersOf = ({ module }: Fn, holds: (e: Expr) => boolean): Keeping["takers"] =>
  module.calls.filter(({ call }) => call.args.some((a) => a.k !== "fn" && a.k !== "call" && holds(a)));

const isExported = (bind: Binding): boolean =>
  [...bind.owner.module.exports.values()].some(
    (e) => e.kind === "value" && e.e.k === "id" && e.e.bind === bind,
  );

function statementOf(body: readonly Stmt[], call: Call): (Stmt & { s: "expr" }) | undefined {
  for (const s of body) {
    if (!within(call.at, s.at)) continue;
    if (s.s === "expr") return s;
    for (const list of listsOf(s)) {
      const found = statementOf(list, call);
      if (found) return found;
    }
  }
  return undefined;
}

/** A statement that is nothing but the call, or a chain of listeners on it. */
function alone(e: Expr): Expr {
  if (e.k === "await" || e.k === "void") return alone(e.e);
  return e.k === "call" && e.callee.k === "mem" && isListening(e) ? alone(e.callee.o) : e;
}

const isListening = ({ callee }: Call): boolean =>
  callee.k === "mem" && /^(on|once|addListener)$/.test(callee.p ?? "");

function boundTo(e: Expr, call: Call): Binding | undefined {
  if (e.k !== "set" || e.to.k !== "id") return undefined;
  return alone(e.e) === call ? e.to.bind : undefined;
}
