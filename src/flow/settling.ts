import type { Expr } from "../syntax/ir.js";
import type { Result, Settle } from "./frame.js";
import { afterAwait, afterFlush, has, State, type States } from "./state.js";

/** A promise kept in a variable: what is known of it is whether it flushes, the states are those of now. */
export function renewed(kept: Settle, states: States): Settle {
  const later = has(kept.ok, State.Flushed) ? afterFlush(states) : afterAwait(states);
  return { ok: later, err: later };
}

export function fieldKey(e: Expr & { k: "mem" }): string | undefined {
  if (e.p === undefined) return undefined;
  if (e.o.k === "this") return `this.${e.o.cls?.name ?? ""}@${String(e.o.cls?.at[0] ?? 0)}.${e.p}`;
  return e.o.k === "id" && e.o.bind ? `${e.o.name}@${String(e.o.bind.at[0])}.${e.p}` : undefined;
}

export const merge = (a: Settle, b: Settle): Settle => ({ ok: a.ok | b.ok, err: a.err | b.err });

export function join(a: Result, b: Result): Result {
  const states = a.states | b.states;
  const settle = a.settle && b.settle ? merge(a.settle, b.settle) : (a.settle ?? b.settle);
  return settle ? { states, settle } : { states };
}
