import type { Expr, Module } from "../../syntax/ir.js";
import type { Link } from "../links.js";
import { isCalledIn } from "../originals.js";

/** A method that calls the method of the same name of the class that it extends. */
export function overriding(module: Module): Link[] {
  return module.classes.flatMap((cls) => {
    if (!cls.superClass) return [];
    return [...cls.members.values()].flatMap(({ fn, name }): Link[] => {
      if (fn?.kind !== "method") return [];
      const isOriginal = (e: Expr): boolean => e.k === "mem" && e.o.k === "super" && e.p === name;
      if (!isCalledIn(fn, isOriginal)) return [];
      return [
        { by: "override", fn, isOriginal, name, of: undefined, at: fn.at, call: undefined, maker: undefined },
      ];
    });
  });
}
