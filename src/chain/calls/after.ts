import type { Call, Expr, Fn, Stmt } from "../../syntax/ir.js";
import { type Attempt, evaluates, expressionsOf, listsOf } from "../../syntax/parts.js";
import { eachExpression } from "../walk.js";

/** Where a function evaluates an expression, and what it does after that. */
export interface Place {
  /** The innermost statement that evaluates it. */
  statement: Stmt;
  /** The statements that may run afterwards, in the order of the text, up to where the function ends. */
  after: readonly Stmt[];
  /** Every `try` in whose block it stands, the innermost first. */
  attempts: readonly Attempt[];
}

/** Finds an expression in the body of a function; undefined when it stands in another one, or in a default value. */
export function placeOf(wanted: Expr, { body }: Fn): Place | undefined {
  return within(body, wanted);
}

function within(body: readonly Stmt[], wanted: Expr): Place | undefined {
  for (const [i, s] of body.entries()) {
    const place = inside(s, wanted);
    if (!place) continue;
    const rest = ends(s) || endsInside(place) ? [] : untilEnd(body.slice(i + 1));
    const finalizer = s.s === "try" && isInBlock(s, place) ? (s.finalizer ?? []) : [];
    return {
      statement: place.statement,
      after: [...place.after, ...finalizer, ...rest],
      attempts: s.s === "try" && isInBlock(s, place) ? [...place.attempts, s] : place.attempts,
    };
  }
  return undefined;
}

function inside(s: Stmt, wanted: Expr): Place | undefined {
  if (expressionsOf(s).some((e) => evaluates(e, (x) => x === wanted)))
    return { statement: s, after: [], attempts: [] };
  for (const list of listsOf(s)) {
    const place = within(list, wanted);
    if (place) return place;
  }
  return undefined;
}

/** The statement, or one after it in its own lists, leaves the function: what follows outside is not reached. */
const endsInside = ({ statement, after }: Place): boolean => ends(statement) || after.some(ends);

const ends = (s: Stmt): boolean => s.s === "return" || s.s === "throw";

/** Statements up to the one that leaves the function for sure, that one included. */
function untilEnd(body: readonly Stmt[]): readonly Stmt[] {
  const end = body.findIndex(ends);
  return end < 0 ? body : body.slice(0, end + 1);
}

const isInBlock = (s: Attempt, { statement }: Place): boolean =>
  s.block.some((b) => b.at[0] <= statement.at[0] && statement.at[1] <= b.at[1]);

/** Whether statements evaluate such an expression; functions in them are not entered. */
export function evaluate(body: readonly Stmt[], wanted: (e: Expr) => boolean): boolean {
  let found = false;
  eachExpression(body, (e) => (found ||= wanted(e)));
  return found;
}

/** What becomes of the value of a call that stands alone, or as a whole in a `return`; undefined for every other use. */
export function useOf(call: Call, { statement }: Place): "dropped" | "returned" | undefined {
  if (statement.s === "return") return statement.e === call ? "returned" : undefined;
  if (statement.s !== "expr") return undefined;
  const { e } = statement;
  return e === call || (e.k === "void" && e.e === call) ? "dropped" : undefined;
}
