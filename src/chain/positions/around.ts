import type { Fn, Module } from "../../syntax/ir.js";
import type { Link } from "../links.js";
import { callsIn, functionsReturnedBy, isCalledIn, isWithin, readsOf } from "../originals.js";

/** `function traced(handler) { return function (...args) { return handler.apply(this, args) } }`. */
export const around = (module: Module): Link[] =>
  module.fns.flatMap((maker) =>
    functionsReturnedBy(maker).flatMap((fn) =>
      maker.params.flatMap((binds, index): Link[] => {
        const [bind] = binds;
        if (!bind || binds.length !== 1 || !isWithin(fn, maker)) return [];
        const isOriginal = readsOf(bind);
        if (!isCalledIn(fn, isOriginal)) return [];
        return [
          {
            by: index === 0 && isDecorator(maker) ? "descriptor" : "around",
            fn,
            isOriginal,
            name: undefined,
            of: undefined,
            at: maker.at,
            call: undefined,
            maker,
          },
        ];
      }),
    ),
  );

/** A decorator as the language has them is given the method and a context that says what it decorates. */
function isDecorator(maker: Fn): boolean {
  const [context] = maker.params[1] ?? [];
  if (!context || maker.params.length !== 2) return false;
  const typed = maker.paramTypes[1]?.some(
    ({ expr }) => expr.k === "id" && /^Class\w*DecoratorContext$|^DecoratorContext$/.test(expr.name),
  );
  return (
    typed === true ||
    callsIn(maker).some(
      ({ callee }) =>
        callee.k === "mem" &&
        callee.p === "addInitializer" &&
        callee.o.k === "id" &&
        callee.o.bind === context,
    )
  );
}
