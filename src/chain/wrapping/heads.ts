import type { Cls, Fn, Span } from "../../syntax/ir.js";

/** From the first word of a method to its body. */
export function headOf(fn: Fn, name: string, cls: Cls | undefined): Span {
  const member = cls?.members.get(name);
  const start = member?.fn === fn ? member.at[0] : fn.at[0];
  return [start, Math.max(fn.bodyAt[0], start + 1)];
}
