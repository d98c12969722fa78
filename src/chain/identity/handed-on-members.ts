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
  const asksTarget = (test: Expr): boolean => asksForKey(test, trap, proxy);
  const read = fallThroughs(trap.body, asksTarget)
    .map(originOf)
    .find((e) => isRead(e, trap, proxy));
  return read && { e: read, bound: bindsFunctions(trap, read), throughProxy: handsReceiver(read, trap) };
}

/**
 * What a body returns for a key that it does not ask for: what its last statement says, on whatever branch of a condition, and what
 * it returns for any member that the target has.
 */
function fallThroughs(body: readonly Stmt[], asksTarget: (test: Expr) => boolean): Expr[] {
  const own = body.flatMap((s) =>
    s.s === "if" && asksTarget(s.test) ? fallThroughs(s.then, asksTarget) : [],
  );
  const last = body.at(-1);
  if (last?.s === "return") return [...own, ...(last.e ? leavesOf(last.e, asksTarget) : [])];
  if (last?.s === "block") return [...own, ...fallThroughs(last.body, asksTarget)];
  if (last?.s === "if") return [...own, ...fallThroughs(last.else ?? [], asksTarget)];
  if (last?.s === "try") return [...own, ...fallThroughs(last.block, asksTarget)];
  if (last?.s !== "switch") return own;
  return last.cases.flatMap(({ test, body: inner }) => (test ? [] : fallThroughs(inner, asksTarget)));
}

/** `cond ? a : b` hands on `b` when the key is not the one it asks for, and `a` when it asks whether the target has it. */
function leavesOf(e: Expr, asksTarget: (test: Expr) => boolean): Expr[] {
  if (e.k === "cond")
    return [...(asksTarget(e.test) ? leavesOf(e.then, asksTarget) : []), ...leavesOf(e.else, asksTarget)];
  if (e.k === "logic") return leavesOf(e.r, asksTarget);
  return [e];
}

/** `key in target`, `Reflect.has(target, key)`. */
function asksForKey(test: Expr, trap: Fn, proxy: ProxyMade): boolean {
  if (test.k === "cmp") return test.op === "in" && test.l.k === "id" && isTarget(test.r, proxy, trap);
  const [of] = test.k === "call" && reflected(test) === "has" ? test.args : [];
  return of !== undefined && isTarget(of, proxy, trap);
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
