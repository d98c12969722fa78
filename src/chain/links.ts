import type { Project } from "../program/project.js";
import type { Call, Expr, Fn, Module, Span } from "../syntax/ir.js";
import { around } from "./positions/around.js";
import { overriding } from "./positions/overriding.js";
import { saved } from "./positions/saved.js";
import { trapped } from "./positions/trapped.js";
import { wrapped } from "./positions/wrapped.js";

export { callsOriginal, functionsReturnedBy, isWithin } from "./originals.js";

/**
 * A function that stands in the place of another one, the original.
 * `wrap`: handed to `shimmer.wrap`, `this._wrap`, `fill` and their like. `saved`: put over a member that was saved before.
 * `trap`: a trap of a `Proxy`. `override`: a method that calls `super`'s of the same name. `descriptor`: a decorator puts it
 * into a property descriptor or returns it. `around`: returned by a function that was given the original as a parameter, wherever
 * that goes.
 */
export interface Link {
  by: "wrap" | "saved" | "trap" | "override" | "descriptor" | "around";
  /** The replacement. */
  fn: Fn;
  /** Whether an expression, as it stands in the replacement, is the original. */
  isOriginal: (e: Expr) => boolean;
  /** The name of what is replaced, when it is written out (`emit`); for `trap` the trap's (`apply`). */
  name: string | undefined;
  /** The object whose member is replaced, or the target of the `Proxy`. */
  of: Expr | undefined;
  /** Where it is put in place. */
  at: Span;
  /** The call that puts it in place, where there is one. */
  call: Call | undefined;
  /** The function that is given the original and returns the replacement. */
  maker: Fn | undefined;
}

/** Every link of a module, in the order of the text. A function that stands at several places is told for each. */
export function linksOf(module: Module, project: Project): Link[] {
  let links = known.get(module);
  if (!links) {
    links = [
      ...module.calls.flatMap(({ call }) => [...wrapped(call, module, project), ...trapped(call)]),
      ...saved(module, project),
      ...overriding(module),
      ...around(module),
    ].sort((a, b) => a.fn.at[0] - b.fn.at[0]);
    known.set(module, links);
  }
  return links;
}

const known = new WeakMap<Module, Link[]>();
