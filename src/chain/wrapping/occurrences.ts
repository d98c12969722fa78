import type { Expr, Fn, Stmt } from "../../syntax/ir.js";
import { expressionsOf, listsOf, operandsOf } from "../../syntax/parts.js";
import { isSamePlace, type Place, placeOf } from "./places.js";

/**
 * What is done with the value in a place. `called`: the method `name` of it is called. `read`: a member of it is read, it is tested
 * or run over. `written`: something is put there. `handed`: it goes somewhere else, or comes out of a function.
 */
export interface Occurrence {
  how: "called" | "read" | "written" | "handed";
  name: string | undefined;
  e: Expr;
  fn: Fn;
}

/** What methods are called by which something is brought to its end. */
export const ends =
  "(?:(?:onS|s)hutdown|(?:onF|f)orceFlush|flush|close|stop|destroy|dispose|end|cleanup|teardown)";
const endName = new RegExp(`^_?${ends}$`);

/** Whether a method is called like one of these. */
export const isEnd = (name: string): boolean => endName.test(name);

/** Whether somebody may end it there, or elsewhere because of it. */
export const isAway = ({ how, name }: Occurrence): boolean =>
  how === "handed" || (how === "called" && isEnd(name ?? ""));

/** Everything that functions do with what is in a place, in the order of the text; functions in them are not entered. */
export function occurrencesOf(place: Place, fns: readonly Fn[]): Occurrence[] {
  const found: Occurrence[] = [];
  for (const fn of fns) {
    const note = (how: Occurrence["how"], e: Expr, name?: string): void =>
      void found.push({ how, e, fn, name });
    const isIt = (e: Expr): boolean => {
      const at = e.k === "mem" || e.k === "id" || e.k === "call" ? placeOf(e) : undefined;
      return at !== undefined && isSamePlace(at, place);
    };
    const within = (e: Expr, how: Occurrence["how"]): void => {
      if (e.k === "call" && e.callee.k === "mem" && isIt(e.callee.o)) {
        note("called", e.callee.o, e.callee.p);
        e.args.forEach((a) => within(a, "handed"));
      } else if (isIt(e)) note(how, e);
      else if (e.k === "mem") within(e.o, "read");
      else if (e.k === "set") {
        if (e.to.k === "mem" || e.to.k === "id") within(e.to, "written");
        // another name for it: what is done with that is found by its own name
        within(e.e, e.to.k === "id" ? "read" : "handed");
      } else if (e.k === "logic") {
        within(e.l, e.op === "&&" ? "read" : how);
        within(e.r, how);
      } else if (e.k === "cond") {
        within(e.test, "read");
        within(e.then, how);
        within(e.else, how);
      } else if (e.k === "not" || e.k === "cmp") operandsOf(e).forEach((o) => within(o, "read"));
      else if (e.k === "await" || e.k === "void") within(e.e, how);
      else operandsOf(e).forEach((o) => within(o, "handed"));
    };
    const through = (body: readonly Stmt[]): void => {
      for (const s of body) {
        for (const e of expressionsOf(s)) {
          const tested = s.s === "if" || s.s === "loop" || s.s === "switch" || isRunOver(s);
          (e.k === "seq" && tested ? operandsOf(e) : [e]).forEach((o) =>
            within(o, tested || s.s === "expr" ? "read" : "handed"),
          );
        }
        listsOf(s).forEach(through);
      }
    };
    through(fn.body);
  }
  return found;
}

/** The list of a `for (... of list)`, which stands before its loop. */
const isRunOver = (s: Stmt): boolean =>
  s.s === "expr" && s.e.k === "seq" && s.e.es.length === 2 && s.e.es[1]?.k === "lit";
