import type { Call, Expr, Fn, Stmt } from "../syntax/ir.js";
import { evaluates, expressionsOf, listsOf, operandsOf } from "../syntax/parts.js";

/**
 * Whether a function that is run comes to a call of its own in any case and without a test before it: it stands in no branch, loop,
 * `try` or conditional expression, and no branch leaves the function before.
 */
export function isSure(call: Call, fn: Fn): boolean {
  for (const s of fn.body) {
    const here = expressionsOf(s).find((e) => evaluates(e, (part) => part === call));
    if (here) return s.s !== "loop" && isPlain(here, call);
    if (s.s === "block") {
      if (evaluatesIn(s.body, call)) return isSure(call, { ...fn, body: s.body });
    } else if (listsOf(s).length > 0 && (evaluatesIn([s], call) || leaves([s]))) return false;
  }
  return false;
}

const evaluatesIn = (body: readonly Stmt[], call: Call): boolean =>
  body.some(
    (s) =>
      expressionsOf(s).some((e) => evaluates(e, (part) => part === call)) ||
      listsOf(s).some((list) => evaluatesIn(list, call)),
  );

const leaves = (body: readonly Stmt[]): boolean =>
  body.some((s) => s.s === "return" || s.s === "throw" || listsOf(s).some(leaves));

/** Not in the part of `a ? b : c` or `a && b` that may be left out. */
function isPlain(e: Expr, call: Call): boolean {
  if (e === call) return true;
  const sure = e.k === "cond" ? [e.test] : e.k === "logic" ? [e.l] : operandsOf(e);
  return sure.some((part) => isPlain(part, call));
}
