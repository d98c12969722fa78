import type { Span, Stmt } from "../syntax/ir.js";

const holds = (s: { at: Span }, span: Span): boolean => s.at[0] <= span[0] && span[1] <= s.at[1];

/** The statement lists inside a statement. */
export function listsIn(s: Stmt): readonly (readonly Stmt[])[] {
  switch (s.s) {
    case "block":
    case "loop":
    case "label":
      return [s.body];
    case "if":
      return s.else ? [s.then, s.else] : [s.then];
    case "try":
      return [s.block, s.handler ?? [], s.finalizer ?? []];
    case "switch":
      return s.cases.map((c) => c.body);
    default:
      return [];
  }
}

/** They stand in different branches of one condition: `if (cluster.isPrimary) ... else ...`. */
export const areAlternatives = (body: readonly Stmt[], a: Span, b: Span): boolean =>
  body.some((s) => {
    const lists = listsIn(s);
    const apart =
      s.s === "if" && lists.some((l) => l.some((x) => holds(x, a)) && !l.some((x) => holds(x, b)));
    const both = apart && lists.some((l) => l.some((x) => holds(x, b)));
    return both || lists.some((l) => areAlternatives(l, a, b));
  });

/**
 * The branch that holds `a` is left before `b` is reached: by a `return`, a `throw`, or a call that ends the process.
 * @param ends where calls stand that end the process
 */
export function leavesBefore(body: readonly Stmt[], a: Span, b: Span, ends: readonly Span[]): boolean {
  for (const s of body) {
    if (!holds(s, a)) continue;
    for (const list of listsIn(s)) {
      if (!list.some((x) => holds(x, a))) continue;
      if (list.some((x) => holds(x, b))) return leavesBefore(list, a, b, ends);
      const from = list.findIndex((x) => holds(x, a));
      const leaves = list
        .slice(from)
        .some(
          (x) => x.s === "return" || x.s === "throw" || (x.s === "expr" && ends.some((e) => holds(x, e))),
        );
      if (leaves || leavesBefore(list, a, b, ends)) return true;
    }
  }
  return false;
}
