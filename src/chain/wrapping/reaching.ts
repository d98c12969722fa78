import { harmlessGlobals, harmlessMethods } from "../../knowledge/telemetry-interfaces.js";
import type { Call, Expr, Fn, Stmt } from "../../syntax/ir.js";
import { expressionsOf, listsOf, operandsOf } from "../../syntax/parts.js";
import { isWithin } from "../links.js";
import { isSamePlace, placeOf } from "./places.js";
import type { Wrapper } from "./wrappers.js";

/**
 * What a method of a wrapper comes to do with what is wrapped. `reaches`: something else than handing it data. `nothing`: neither
 * that nor anything that might. `unknown`: it calls what may do that.
 */
export type Reach = "reaches" | "nothing" | "unknown";

/** @param method a function of the wrapper; the methods of the same class or object that it calls are followed */
export function reachOf(method: Fn, wrapper: Wrapper): Reach {
  const open = [method];
  const seen = new Set<Fn>();
  let reach: Reach = "nothing";
  for (let fn = open.pop(); fn; fn = open.pop()) {
    if (seen.has(fn)) continue;
    seen.add(fn);
    for (const inside of fn.module.fns) if (inside !== fn && isWithin(inside, fn)) open.push(inside);
    for (const step of stepsOf(fn, method, wrapper)) {
      if (step === "reaches") return step;
      if (step === "unknown") reach = step;
      else open.push(step);
    }
  }
  return reach;
}

/** What matters of one function, without those inside it: whether it reaches what is wrapped, and the methods that it calls. */
function stepsOf(fn: Fn, method: Fn, wrapper: Wrapper): (Fn | "reaches" | "unknown")[] {
  const steps: (Fn | "reaches" | "unknown")[] = [];
  const ofWrapper = (name: string): void => {
    const found = wrapper.method(name);
    // a field that is no function is only read here; a call of it is looked at as such
    if (typeof found === "object") steps.push(found);
  };
  const within = (e: Expr): void => {
    const place = e.k === "mem" || e.k === "id" || e.k === "call" ? placeOf(e) : undefined;
    if (place && isSamePlace(place, wrapper.inner)) steps.push("reaches");
    else if (e.k === "this" || e.k === "super") steps.push("unknown");
    else if (e.k === "mem" && e.o.k === "this" && e.p !== undefined) ofWrapper(e.p);
    else if (e.k === "set" && e.to.k === "mem" && e.to.o.k === "this") within(e.e);
    else if (e.k === "call") {
      if (!isHarmless(e, fn, method, wrapper)) steps.push("unknown");
      operandsOf(isHandingOn(e, wrapper) ? { ...e, callee: LITERAL } : e).forEach(within);
    } else operandsOf(e).forEach(within);
  };
  const through = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.s === "throw") steps.push("unknown");
      for (const e of expressionsOf(s)) {
        within(e);
        // a promise that is kept in a field may be that of anything
        if (s.s === "return" && isField(e)) steps.push("unknown");
      }
      listsOf(s).forEach(through);
    }
  };
  through(fn.body);
  return steps;
}

const LITERAL: Expr = { k: "lit", v: undefined, at: [0, 0] };

const isField = (e: Expr): boolean =>
  e.k === "await" ? isField(e.e) : e.k === "mem" && e.o.k === "this" && e.p !== undefined;

/** `this.inner.onEnd(span)`: no end of it. */
const isHandingOn = ({ callee }: Call, { facts }: Wrapper): boolean =>
  callee.k === "mem" && (callee.p === facts.takes || callee.p === "onStart");

/** A call that does nothing with what is wrapped, unless that stands in its arguments. */
function isHarmless(call: Call, fn: Fn, method: Fn, wrapper: Wrapper): boolean {
  const { callee } = call;
  if (callee.k === "id") {
    // a callback that it was given, the `resolve` of an executor
    if (callee.bind?.kind === "param") return isWithin(fn, callee.bind.owner) && isWithin(fn, method);
    return callee.bind === undefined && harmlessGlobals.has(callee.name);
  }
  if (callee.k !== "mem" || callee.p === undefined) return false;
  const { o } = callee;
  if (o.k === "this") return typeof wrapper.method(callee.p) === "object";
  if (o.k === "id" && o.bind === undefined && harmlessGlobals.has(o.name)) return true;
  // another one that is wrapped beside it
  const place = placeOf(o);
  if (place && wrapper.inners.some((inner) => isSamePlace(inner, place))) return true;
  return harmlessMethods.has(callee.p);
}
