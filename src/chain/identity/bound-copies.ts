import type { Project } from "../../program/project.js";
import { evaluates } from "../../syntax/parts.js";
import type { Call, Expr, Module } from "../../syntax/ir.js";
import { expressionsIn, putsOf } from "../walk.js";
import type { Copy } from "./copies.js";

/** A copy of something that the program does not show, with a method that runs on the copy from then on. */
export interface BoundCopy {
  copy: Copy;
  /** The method: `copy.execute = traced(copy.execute.bind(copy))`. */
  method: string;
  /** The call of `bind`. */
  bound: Call;
}

/**
 * The copies whose method is bound to the copy and put back into it. Who binds a method knows that it reads `this`; what it
 * reads there of a class is not in the copy.
 */
export function boundCopies(module: Module, copies: readonly Copy[], project: Project): BoundCopy[] {
  if (copies.length === 0) return [];
  const text = project.index.read(module.file) ?? "";
  const written = ({ at }: Expr): string => text.slice(...at);
  // where a copy is kept: `tools[key] = { ...tool }`, `const copy = { ...tool }`
  const places = new Map<Expr, string>();
  for (const { e } of expressionsIn(module))
    if (e.k === "set" && (e.to.k === "mem" || e.to.k === "id")) places.set(e.e, written(e.to));
  return copies.flatMap((copy): BoundCopy[] => {
    const place = places.get(copy.e);
    if (place === undefined || project.values.of(copy.of, module).length > 0 || !isOnlySpread(copy))
      return [];
    for (const { to, e } of putsOf(module)) {
      const method = to.p;
      if (method === undefined || written(to.o) !== place) continue;
      let bound: Call | undefined;
      evaluates(e, (part) => {
        if (part.k === "call" && isBoundTo(part, method, place, written)) bound = part;
        return bound !== undefined;
      });
      if (bound) return [{ copy, method, bound }];
    }
    return [];
  });
}

const isOnlySpread = ({ e }: Copy): boolean => e.k === "obj" && e.props.length === 1;

/** `place.method.bind(place)`. */
function isBoundTo(call: Call, method: string, place: string, written: (e: Expr) => string): boolean {
  const { callee, args } = call;
  const [self] = args;
  if (call.isNew || callee.k !== "mem" || callee.p !== "bind" || callee.o.k !== "mem" || !self) return false;
  return callee.o.p === method && written(callee.o.o) === place && written(self) === place;
}
