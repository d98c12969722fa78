import type { Expr, Fn, Stmt } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import { isTarget, type ProxyMade, reflected } from "./proxies.js";
import { originOf } from "../same.js";
import { eachExpression } from "../walk.js";

/** How a `get` trap reads the members that it does not know by name. */
export interface MemberRead {
  /** `Reflect.get(target, key, receiver)`, `target[key]`. */
  e: Expr;
  /** The trap binds functions, or asks for them, before it hands them on. */
  bound: boolean;
  /** Accessors run on the `Proxy`: the receiver is handed on. */
  throughProxy: boolean;
}

/**
 * What a `get` trap hands on when none of its branches took the key: what it returns at the end of its body, as it read it from
 * the target. Undefined where it returns something else there.
 */
export function handedOnBy(trap: Fn, proxy: ProxyMade): MemberRead | undefined {
  const read = fallThroughs(trap.body)
    .map(originOf)
    .find((e) => isRead(e, trap, proxy));
  return read && { e: read, bound: bindsFunctions(trap, read), throughProxy: handsReceiver(read, trap) };
}

/** What the last statement of a body returns, on whatever branch of a condition; what an `else` says at its end counts as well. */
function fallThroughs(body: readonly Stmt[]): Expr[] {
  const last = body.at(-1);
  if (last?.s === "return") return last.e ? leavesOf(last.e) : [];
  if (last?.s === "block") return fallThroughs(last.body);
  if (last?.s === "if") return last.else ? fallThroughs(last.else) : [];
  if (last?.s === "try") return fallThroughs(last.block);
  if (last?.s === "switch")
    return last.cases.flatMap(({ test, body: inner }) => (test ? [] : fallThroughs(inner)));
  return [];
}

/** `cond ? a : b` hands on `b` when the key is not the one it asks for. */
function leavesOf(e: Expr): Expr[] {
  if (e.k === "cond") return leavesOf(e.else);
  if (e.k === "logic") return leavesOf(e.r);
  return [e];
}

function isRead(e: Expr, trap: Fn, proxy: ProxyMade): boolean {
  if (e.k === "mem") return e.p === undefined && isTarget(e.o, proxy, trap);
  const [from] = e.k === "call" && reflected(e) === "get" ? e.args : [];
  return from !== undefined && isTarget(from, proxy, trap);
}

/** The third argument of `Reflect.get` is the third parameter of the trap. */
function handsReceiver(e: Expr, trap: Fn): boolean {
  const receiver = e.k === "call" ? e.args[2] : undefined;
  return receiver?.k === "id" && receiver.bind !== undefined && trap.params[2]?.[0] === receiver.bind;
}

/** The trap itself, outside of the functions in it, asks `typeof value === "function"` or calls `bind` on what it read. */
function bindsFunctions(trap: Fn, read: Expr): boolean {
  let found = false;
  eachExpression(trap.body, (e) => {
    if (e.k === "cmp") found ||= [e.l, e.r].some((side) => side.k === "lit" && side.v === "function");
    if (e.k === "call" && e.callee.k === "mem" && e.callee.p === "bind")
      found ||= evaluates(e.callee.o, (o) => originOf(o) === read || (o.k === "mem" && o.p === undefined));
    if (e.k === "cmp" && e.op === "instanceof") found ||= e.r.k === "id" && e.r.name === "Function";
  });
  return found;
}
