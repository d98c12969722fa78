import type { Cls, Expr, Fn, Module } from "../../syntax/ir.js";
import type { Evaluator } from "./evaluate.js";
import type { Held } from "./holding.js";
import { wrappingsOf } from "./may-wrap.js";
import { expressionsIn } from "../walk.js";
import { hasMember, type Wrapping } from "./wrapping.js";

/** What wraps, if the value may be a wrapper without a member that what is inside has. */
export function lacking(o: Expr, p: string, fn: Fn, evaluator: Evaluator, cast?: Held): Wrapping | undefined {
  return wrappingsOf(o, fn, evaluator).find(
    (w) => !w.has(p) && hasInside(w, p, evaluator, cast) && !isPutOn(p, [fn.module, w.fn.module]),
  );
}

/** Whether what is inside of a wrapper has a member; where that is not known, a cast to a class that has it says so. */
function hasInside(w: Wrapping, p: string, evaluator: Evaluator, cast: Held | undefined): boolean {
  if (w.inner.some((h) => h.is === "instance" && hasMember(h.cls, p, evaluator))) return true;
  if (cast?.is === "class") return !w.isA(cast) && hasMember(cast.cls, p, evaluator);
  return cast?.is === "package" && w.inner.some((h) => h.is === "foreign" && h.of === cast.of);
}

/** Whether a member of that name is written from outside, to whatever object. */
const isPutOn = (p: string, modules: readonly Module[]): boolean =>
  modules.some((m) =>
    expressionsIn(m).some(
      ({ e }) => e.k === "set" && e.to.k === "mem" && e.to.p === p && e.to.o.k !== "this",
    ),
  );

/** The name of a class. */
export const nameOf = (type: Held): string | undefined =>
  type.is === "class" ? type.cls.name : type.is === "package" ? type.of.split(".").at(-1) : undefined;

/** The class by which a member is expected. */
export function typeName(
  p: string,
  w: Wrapping,
  cast: Held | undefined,
  evaluator: Evaluator,
): string | undefined {
  const made = w.inner.find(
    (h): h is Held & { is: "instance"; cls: Cls } => h.is === "instance" && hasMember(h.cls, p, evaluator),
  );
  return (cast && nameOf(cast)) ?? made?.cls.name;
}
