import type { Expr } from "../syntax/ir.js";

/** No options, or an object whose properties are all written out. */
export const isRead = (options: Expr | undefined): boolean =>
  options === undefined || (options.k === "obj" && options.props.every((p) => p.name !== undefined));

/** The value of a property of an object literal. */
export function propertyOf(options: Expr | undefined, name: string): Expr | undefined {
  return options?.k === "obj" ? options.props.find((p) => p.name === name)?.value : undefined;
}

/** A number as it is written, or the constant that holds it. */
export function numberOf(e: Expr): number | undefined {
  if (e.k === "lit") return typeof e.v === "number" ? e.v : undefined;
  const [value] = e.k === "id" && e.bind?.constant ? e.bind.values : [];
  return value?.k === "lit" && typeof value.v === "number" ? value.v : undefined;
}
