import type { Project } from "../program/project.js";
import { returnsOf } from "../program/value-sets.js";
import type { Binding, Call, Expr, Fn, Module } from "../syntax/ir.js";
import { originOf } from "./same.js";

/** Names of names that are followed; more are a circle. */
const MAX_NAMES = 6;

/** A variable, or a constant that is another name of it, maybe bound to an object. */
export const readsOf =
  (bind: Binding, depth = 0) =>
  (e: Expr): boolean => {
    const read = unbound(e);
    if (read.k !== "id" || read.bind === bind) return read.k === "id";
    const [value, ...more] = read.bind?.kind === "var" ? read.bind.values : [];
    return value !== undefined && more.length === 0 && depth < MAX_NAMES && readsOf(bind, depth + 1)(value);
  };

/** `x.m.bind(x)` is `x.m`. */
export const unbound = (e: Expr): Expr =>
  e.k === "call" && !e.isNew && e.callee.k === "mem" && e.callee.p === "bind" ? e.callee.o : e;

/** What a choice can come to: `a ? f : g`, `f || g`. */
export function choicesOf(e: Expr, depth = 0): Expr[] {
  const origin = originOf(e);
  const parts =
    origin.k === "cond"
      ? [origin.then, origin.else]
      : origin.k === "logic"
        ? [origin.l, origin.r]
        : undefined;
  if (!parts) return [origin];
  return depth < MAX_NAMES ? parts.flatMap((part) => choicesOf(part, depth + 1)) : [];
}

/** The function that an expression is, written there or by the name of a function or constant. */
export function functionOf(e: Expr): Fn | undefined {
  const origin = originOf(e);
  if (origin.k === "fn") return origin.fn;
  const declared = origin.k === "id" && origin.bind?.kind === "function" ? origin.bind.values[0] : undefined;
  return declared?.k === "fn" ? declared.fn : undefined;
}

/** The functions that a function returns: written there, or by the name of a function or constant in it. */
export const functionsReturnedBy = (fn: Fn): Fn[] =>
  returnsOf(fn.body)
    .flatMap((e) => choicesOf(e))
    .flatMap((e) => functionOf(e) ?? []);

/** Whether a function is this one, or stands in it. */
export function isWithin(fn: Fn, outer: Fn): boolean {
  for (let f: Fn | undefined = fn; f; f = f.parent) if (f === outer) return true;
  return false;
}

/**
 * Whether a call runs the original: `original(...)`, `original.call(...)`, `original.apply(...)`, `Reflect.apply(original, ...)`,
 * `new original(...)`, `Reflect.construct(original, ...)`.
 */
export function callsOriginal(call: Call, isOriginal: (e: Expr) => boolean): boolean {
  const { callee } = call;
  if (isOriginal(callee)) return true;
  if (callee.k !== "mem") return false;
  if ((callee.p === "call" || callee.p === "apply") && isOriginal(callee.o)) return true;
  const reflect = callee.o.k === "id" && callee.o.name === "Reflect" && callee.o.bind === undefined;
  const [first] = call.args;
  return (
    reflect && (callee.p === "apply" || callee.p === "construct") && first !== undefined && isOriginal(first)
  );
}

/** Whether a function, or one that stands in it, calls the original. */
export const isCalledIn = (fn: Fn, isOriginal: (e: Expr) => boolean): boolean =>
  callsIn(fn).some((call) => callsOriginal(call, isOriginal));

/** The calls of a function and of those that stand in it. */
export const callsIn = (fn: Fn): readonly Call[] => sitesIn(fn).map(({ call }) => call);

/** A call and the function that makes it. */
export type Site = Module["calls"][number];

/** The calls of a function and of those that stand in it, each with the function that makes it. */
export const sitesIn = (fn: Fn): readonly Site[] => sitesByFn(fn.module).get(fn) ?? [];

function sitesByFn(module: Module): Map<Fn, Site[]> {
  let byFn = grouped.get(module);
  if (!byFn) {
    grouped.set(module, (byFn = new Map()));
    for (const site of module.calls)
      for (let f: Fn | undefined = site.fn; f; f = f.parent) {
        const sites = byFn.get(f);
        if (sites) sites.push(site);
        else byFn.set(f, [site]);
      }
  }
  return byFn;
}

const grouped = new WeakMap<Module, Map<Fn, Site[]>>();

/** Nothing is handed back: no expression, `undefined`, `null`. */
export const isNothing = (e: Expr | undefined): boolean =>
  e === undefined || (e.k === "lit" && (e.v === undefined || e.v === null));

/** A replacement, the function that made it, and the parameter that brought the original. */
export interface Made {
  fn: Fn;
  maker: Fn;
  original: Binding;
}

const MAX_HANDS = 3;

/**
 * The replacements that a maker returns, itself or through another function of the program that it hands the original to.
 * @param index the parameter that brings the original
 */
export function madeBy(maker: Fn, index: number, project: Project, hands = 0): Made[] {
  const [original, ...more] = maker.params[index] ?? [];
  if (!original || more.length > 0 || (maker.rest && index === maker.params.length - 1)) return [];
  const isOriginal = readsOf(original);
  return returnsOf(maker.body)
    .flatMap((e) => choicesOf(e))
    .flatMap((e): Made[] => {
      const fn = functionOf(e);
      if (fn) return [{ fn, maker, original }];
      if (e.k !== "call" || hands >= MAX_HANDS) return [];
      const at = e.args.findIndex(isOriginal);
      if (at < 0 || e.args.slice(0, at).some((a) => a.k === "spread")) return [];
      return project.values
        .of(e.callee, maker.module)
        .flatMap((v) => (v.v === "fn" && v.fn !== maker ? madeBy(v.fn, at, project, hands + 1) : []));
    });
}
