import type { Expr } from "../syntax/ir.js";
import type { Frame } from "./frame.js";
import type { States } from "./state.js";
import type { Walk } from "./walk.js";

/** Static fields and blocks run where the class is declared. */
export function declareClass(
  walk: Walk,
  frame: Frame,
  { cls }: Expr & { k: "class" },
  states: States,
): States {
  let now = states;
  for (const fn of cls.module.fns)
    if (fn.cls === cls && fn.kind === "static-block") now = walk.block(frame, fn.body, now);
  for (const member of cls.members.values())
    if (member.isStatic) for (const v of member.values) now = walk.value(frame, v, now).states;
  return now;
}
