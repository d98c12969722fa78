import type { Binding, Expr } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import type { Link } from "../links.js";
import { callsOriginal, isNothing } from "../originals.js";
import { type Event, type Exit, exitsOf } from "./paths.js";
import { isRead } from "../same.js";
import { eachExpression } from "../walk.js";

/** A way out of a replacement that comes back without the result that it has at hand. */
export interface Forgotten {
  /** Where the result is kept. */
  bind: Binding;
  /** The call of the original. */
  call: Expr & { k: "call" };
  exit: Exit;
}

/** The ways out that return nothing although the result of the original is kept by then, and is returned on other ways. */
export function forgottenIn(link: Link): Forgotten[] {
  return keptIn(link).flatMap(({ bind, set, call }) => {
    const reads = (e: Expr): boolean => evaluates(e, (part) => isRead(part, bind));
    const exits = exitsOf(link.fn, [(e) => e === set, handsOn(bind, set)]);
    if (!exits.some(({ e }) => e !== undefined && reads(e))) return [];
    return exits
      .filter(
        ({ e, passed: [kept, handed], tests }) =>
          isNothing(e) &&
          kept === "yes" &&
          handed === "no" &&
          !tests.some((t) => reads(t) || asksForCallback(t)),
      )
      .map((exit) => ({ bind, call, exit }));
  });
}

/** `const result = original.apply(this, arguments)` in the replacement itself. */
function keptIn({ fn, isOriginal }: Link): { bind: Binding; set: Expr; call: Expr & { k: "call" } }[] {
  const found: { bind: Binding; set: Expr; call: Expr & { k: "call" } }[] = [];
  eachExpression(fn.body, (e) => {
    if (e.k !== "set" || e.to.k !== "id" || !e.to.bind || e.to.bind.values.length > 2) return;
    const call = e.e.k === "await" ? e.e.e : e.e;
    if (call.k === "call" && callsOriginal(call, isOriginal)) found.push({ bind: e.to.bind, set: e, call });
  });
  return found;
}

/** The result goes somewhere: as an argument, into a variable or object, into a function that may pass it on. */
function handsOn(bind: Binding, kept: Expr): Event {
  const reads: Event = (e) => evaluates(e, (part) => isRead(part, bind));
  return (e) => {
    if (e === kept) return false;
    if (e.k === "call") return e.args.some(reads);
    if (e.k === "set") return reads(e.e);
    if (e.k === "obj" || e.k === "arr") return reads(e);
    return e.k === "fn" && bind.uses.some(({ at: [start, end] }) => e.fn.at[0] <= start && end <= e.fn.at[1]);
  };
}

/** Where the caller is told by a callback, nobody may look at the result. */
const asksForCallback = (test: Expr): boolean =>
  evaluates(test, (e) => e.k === "id" && /^(?:cb|callback|done|next)$|[cC]allback$/.test(e.name));
