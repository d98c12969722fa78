import type { Project } from "../../program/project.js";
import type { Expr, Fn, Module, Span } from "../../syntax/ir.js";
import type { Link } from "../links.js";
import { functionOf, readsOf, unbound } from "../originals.js";
import { isSame } from "../same.js";
import { putsOf, variablesOf } from "../walk.js";

/** A member that holds a function. */
type Slot = Expr & { k: "mem" };

interface Replaced {
  slot: Slot;
  fn: Fn;
  at: Span;
}

/**
 * `const original = x.m; ... x.m = function () { ... }`, the same with a property descriptor's value and with `Object.defineProperty`,
 * and with an original that is kept in a member: `x.original = x.m`.
 */
export function saved(module: Module, project: Project): Link[] {
  const replaced = [...assigned(module), ...defined(module)];
  if (replaced.length === 0) return [];
  const text = project.index.read(module.file) ?? "";
  const kept = keptOf(module, new Set(replaced.map(({ slot }) => slot.p)));
  return replaced.flatMap(({ slot, fn, at }): Link[] => {
    const originals = kept.filter(({ from }) => isSlot(from, slot, text)).map(({ isOriginal }) => isOriginal);
    if (originals.length === 0) return [];
    return [
      {
        by: isDescriptor(slot) ? "descriptor" : "saved",
        fn,
        isOriginal: (e: Expr) => originals.some((is) => is(e)),
        name: slot.p,
        of: slot.o,
        at,
        call: undefined,
        maker: undefined,
      },
    ];
  });
}

/** `x.m = function () { ... }`. */
const assigned = (module: Module): Replaced[] =>
  putsOf(module).flatMap(({ to, e, op, at }) => {
    const fn = op === "=" ? functionOf(e) : undefined;
    return fn ? [{ slot: to, fn, at }] : [];
  });

/** `Object.defineProperty(x, "m", { value: function () { ... } })`. */
const defined = (module: Module): Replaced[] =>
  module.calls.flatMap(({ call: { callee, args, at } }) => {
    const [o, name, descriptor] = args;
    if (callee.k !== "mem" || callee.p !== "defineProperty" || !o || descriptor?.k !== "obj") return [];
    if (name?.k !== "lit" || typeof name.v !== "string") return [];
    const value = descriptor.props.find((p) => p.name === "value")?.value;
    const fn = value && functionOf(value);
    return fn ? [{ slot: { k: "mem" as const, o, p: name.v, optional: false, at }, fn, at }] : [];
  });

/** `descriptor.value`, where the descriptor was handed to a decorator or read from an object. */
function isDescriptor({ o, p }: Slot): boolean {
  if (p !== "value" || o.k !== "id" || !o.bind) return false;
  const [value] = o.bind.values;
  return (
    o.bind.param?.index === 2 ||
    (value?.k === "call" && value.callee.k === "mem" && value.callee.p === "getOwnPropertyDescriptor")
  );
}

interface Kept {
  from: Expr;
  isOriginal: (e: Expr) => boolean;
}

/** What keeps one of these members under another name, and how that is read. */
function keptOf(module: Module, names: ReadonlySet<string | undefined>): Kept[] {
  const found: Kept[] = [];
  const places = (e: Expr): Expr[] =>
    placesOf(e).filter((place) =>
      names.has(place.k === "mem" ? place.p : place.k === "id" ? place.name : ""),
    );
  for (const bind of variablesOf(module)) {
    const [value] = bind.values;
    if (bind.kind === "var" && value && bind.values.length === 1)
      found.push(...places(value).map((from) => ({ from, isOriginal: readsOf(bind) })));
  }
  for (const { to, e } of putsOf(module)) {
    if (to.p === undefined) continue;
    // `this.original` in the replacement is `proto.original` outside of it
    const isOriginal = (x: Expr): boolean =>
      x.k === "mem" && x.p === to.p && (isSame(x.o, to.o) || x.o.k === "this");
    found.push(...places(e).map((from) => ({ from, isOriginal })));
  }
  return found;
}

/** The member or global that a value is read from, with or without something that stands in when there is none. */
function placesOf(e: Expr): Expr[] {
  const from = unbound(e.k === "logic" && e.op !== "&&" ? e.l : e);
  return from.k === "mem" || (from.k === "id" && from.bind === undefined) ? [from] : [];
}

/** Whether a place is this member, a computed name by its text. */
function isSlot(place: Expr, slot: Slot, text: string): boolean {
  if (isSame(place, slot)) return true;
  if (place.k !== "mem" || place.p !== undefined || slot.p !== undefined) return false;
  return isSame(place.o, slot.o) && keyOf(place, text) === keyOf(slot, text);
}

const keyOf = (slot: Slot, text: string): string =>
  text.slice(slot.o.at[1], slot.at[1]).replace(/[\s!?]/g, "");
