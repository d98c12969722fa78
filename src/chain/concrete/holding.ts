import type { Binding, Call, Cls, Expr, Fn, Module } from "../../syntax/ir.js";

/** What an expression can be while a program runs, as far as the text shows it. */
export type Held =
  /** Made by `new` from a class of the program; `given` are the possible arguments. */
  | { is: "instance"; cls: Cls; given: readonly Holding[]; call: Call | undefined; fn: Fn | undefined }
  /** Made by `new` from a class of a package. */
  | { is: "foreign"; of: string; call: Call; fn: Fn }
  /** An object literal, with what the names in its functions stand for. */
  | { is: "object"; obj: Expr & { k: "obj" }; fn: Fn; env: Env }
  /** A `Proxy` that shows nothing but these names of its target. */
  | { is: "masked"; target: Holding; names: ReadonlySet<string>; call: Call; fn: Fn; env: Env }
  | { is: "function"; fn: Fn; env: Env }
  | { is: "class"; cls: Cls }
  | { is: "package"; of: string }
  | { is: "module"; module: Module }
  | { is: "list"; items: Holding }
  | { is: "promise"; of: Holding }
  | { is: "unknown" };

/** Everything that one expression can be. */
export type Holding = readonly Held[];

/** What the parameters of the functions on the way here were given, and what `this` is. */
export interface Env {
  vars: ReadonlyMap<Binding, Holding>;
  self: Held | undefined;
}

export const noEnv: Env = { vars: new Map(), self: undefined };

export const unknown: Holding = [{ is: "unknown" }];

/** More than this many possibilities say nothing. */
const MAX_HELD = 30;

/** All of several holdings, each possibility once. */
export function either(holdings: readonly Holding[]): Holding {
  const all = [...new Set(holdings.flat())];
  return all.length > MAX_HELD ? unknown : all;
}

/** What is left of a holding after `await`. */
export const awaited = (held: Holding): Holding =>
  held.some((h) => h.is === "promise") ? either(held.map((h) => (h.is === "promise" ? h.of : [h]))) : held;
