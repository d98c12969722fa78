import type { Expr, Fn } from "../../syntax/ir.js";
import type { Link } from "../links.js";
import type { Event } from "./paths.js";
import { eachExpression } from "../walk.js";

/**
 * Whether an expression has to do with the original of a link: reads it, makes a function that does, or names a function of the
 * same place that does.
 */
export function usesOriginal({ isOriginal }: Pick<Link, "isOriginal">): Event {
  const asked = new Map<Fn, boolean>();
  const uses: Event = (e) => isOriginal(e) || functionsOf(e).some(within);
  const within = (fn: Fn): boolean => {
    const known = asked.get(fn);
    if (known !== undefined) return known;
    asked.set(fn, false);
    let found = false;
    eachExpression(fn.body, (e) => (found ||= uses(e)));
    asked.set(fn, found);
    return found;
  };
  return uses;
}

/** A function as it stands, or those that a variable holds. */
function functionsOf(e: Expr): Fn[] {
  if (e.k === "fn") return [e.fn];
  const values = e.k === "id" ? (e.bind?.values ?? []) : [];
  return values.flatMap((v) => (v.k === "fn" ? [v.fn] : []));
}
