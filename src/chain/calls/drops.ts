import type { Expr, Stmt } from "../../syntax/ir.js";
import { listsOf } from "../../syntax/parts.js";
import { callsOriginal, type Link } from "../links.js";
import { callsIn, isWithin } from "../originals.js";

/**
 * Methods that run a callback at once and hand back its result: `context.with`, `tracer.startActiveSpan`, `storage.run`, a channel's
 * `runStores`, Sentry's `startSpan` and scopes.
 */
const RUNS_AT_ONCE =
  /^(?:with|run|runStores|runInAsyncScope|runInContext|runWithContext|startActiveSpan|startSpan|startSpanManual|withActiveSpan|withScope|withIsolationScope|activate)$/;

/** The bare call of a statement, without `await`: `original.call(this)`. */
const bareCall = (s: Stmt): (Expr & { k: "call" }) | undefined => {
  if (s.s !== "expr") return undefined;
  const e = s.e.k === "await" ? s.e.e : s.e.k === "logic" && s.e.op === "&&" ? s.e.r : s.e;
  return e.k === "call" ? e : undefined;
};

/** A statement of a replacement that calls the original and drops what comes back. */
export interface Drop {
  statement: Stmt & { s: "expr" };
  /** The call of the original. */
  call: Expr & { k: "call" };
  /** The call around it that runs it at once and hands back its result. */
  through: (Expr & { k: "call" }) | undefined;
}

/** The statements of a replacement, in the order of the text, that drop what the original gives. */
export function dropsOf(link: Link): Drop[] {
  const found: Drop[] = [];
  const look = (body: readonly Stmt[]): void => {
    for (const s of body) {
      const bare = bareCall(s);
      const drop = bare && s.s === "expr" ? dropped(s, bare, link) : undefined;
      if (drop) found.push(drop);
      listsOf(s).forEach(look);
    }
  };
  look(link.fn.body);
  return found;
}

function dropped(statement: Stmt & { s: "expr" }, bare: Expr & { k: "call" }, link: Link): Drop | undefined {
  if (callsOriginal(bare, link.isOriginal)) return { statement, call: bare, through: undefined };
  if (bare.callee.k !== "mem" || !RUNS_AT_ONCE.test(bare.callee.p ?? "")) return undefined;
  if (bare.args.some(link.isOriginal)) return { statement, call: bare, through: undefined };
  const callback = bare.args.find((a) => a.k === "fn")?.fn;
  if (!callback || callback.generator || !isWithin(callback, link.fn)) return undefined;
  const call = callsIn(callback).find((c) => callsOriginal(c, link.isOriginal));
  return call && { statement, call, through: bare };
}
