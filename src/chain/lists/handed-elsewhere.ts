import type { Project } from "../../program/project.js";
import { putInto } from "../../program/value-sets.js";
import type { Binding, Expr, Module, Span } from "../../syntax/ir.js";
import { operandsOf } from "../../syntax/parts.js";
import { isRead, isSame, originOf } from "../same.js";
import { expressionsIn } from "../walk.js";

/**
 * Whether what an option was given comes to its goal in another way as well: the variable is handed to something else in its
 * file, or the others of its kind hold one that is made the same way.
 * @param e the value of the option
 * @param others what is given in place of it
 */
export function isHandedElsewhere(
  e: Expr,
  others: readonly Expr[],
  module: Module,
  project: Project,
): boolean {
  return isUsedElsewhere(e, module) || isMadeTwice(e, others, module, project);
}

/** The variable or member stands somewhere else than in the option: given to a processor, kept, returned, exported. */
function isUsedElsewhere(e: Expr, module: Module): boolean {
  if (e.k === "cond") return isUsedElsewhere(e.then, module) || isUsedElsewhere(e.else, module);
  if (e.k === "logic") return isUsedElsewhere(e.l, module) || isUsedElsewhere(e.r, module);
  if (e.k === "mem")
    return expressionsIn(module).some(({ e: outer }) =>
      operandsOf(outer).some((x) => x !== e && isSame(x, e) && !isLookedAt(outer, x)),
    );
  const bind = e.k === "id" ? e.bind : undefined;
  if (!bind) return false;
  const harmless = new Set([e.at[0], ...looksAt(bind, module)]);
  return bind.uses.some(({ at }) => !harmless.has(at[0])) || isExported(bind, module);
}

/** Where a variable is only asked something: `exporter.shutdown()`, `if (exporter)`. */
const looksAt = (bind: Binding, module: Module): number[] =>
  expressionsIn(module).flatMap(({ e: outer }) =>
    operandsOf(outer).flatMap((x) => (isRead(x, bind) && isLookedAt(outer, x) ? [x.at[0]] : [])),
  );

function isLookedAt(outer: Expr, x: Expr): boolean {
  switch (outer.k) {
    case "mem":
      return outer.o === x;
    case "set":
      return outer.to === x;
    case "cond":
      return outer.test === x;
    case "not":
    case "cmp":
      return true;
    case "logic":
      return outer.op === "&&" && outer.l === x;
    default:
      return false;
  }
}

const isExported = (bind: Binding, module: Module): boolean =>
  [...module.exports.values()].some((x) => x.kind === "value" && isRead(x.e, bind));

/** The same maker with the same arguments, word for word, somewhere in the others. */
function isMadeTwice(e: Expr, others: readonly Expr[], module: Module, project: Project): boolean {
  const text = project.index.read(module.file) ?? "";
  const there = new Set(others.flatMap((o) => makingsIn(o)).map((n) => wordsOf(n.at, text)));
  return makingsIn(e).some((m) => there.has(wordsOf(m.at, text)));
}

/** Every object that the evaluation of an expression makes, also through the names in it and what is put into the lists. */
function makingsIn(e: Expr, depth = 0): Expr[] {
  if (depth > 8) return [];
  const origin = originOf(e);
  const own = origin.k === "call" && origin.isNew ? [origin] : [];
  const put = e.k === "id" && e.bind ? putInto(e.bind) : [];
  return [...own, ...[...operandsOf(origin), ...put].flatMap((o) => makingsIn(o, depth + 1))];
}

const wordsOf = ([start, end]: Span, text: string): string => text.slice(start, end).replace(/\s+/g, "");
