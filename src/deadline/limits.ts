import type { CallFacts } from "../knowledge/schema.js";
import type { Call, Expr, Module } from "../syntax/ir.js";
import { homeOf } from "../ending/misplaced.js";
import type { Project } from "../program/project.js";

/** The time limit that a call is given. */
export interface Limit {
  e: Expr;
  /** In the vendor's unit; undefined where the program does not show it. */
  value: number | undefined;
}

/** The limit that a call is given; undefined when it is given none. */
export function limitOf(
  call: Call,
  { argument, property }: CallFacts["timeout"] & object,
  module: Module,
  project: Project,
): Limit | undefined {
  const given = call.args[argument];
  if (!given)
    return call.args.some((a) => a.k === "spread")
      ? { e: call.args[0] as Expr, value: undefined }
      : undefined;
  if (property === undefined)
    return isNothing(given) ? undefined : { e: given, value: numberOf(given, module, project) };
  if (given.k !== "obj") return { e: given, value: undefined };
  const prop = given.props.find((p) => p.name === property);
  if (prop) return { e: prop.value, value: numberOf(prop.value, module, project) };
  // a signal or a spread may bound it as well
  return given.props.some((p) => p.name === undefined || p.name === "signal")
    ? { e: given, value: undefined }
    : undefined;
}

const isNothing = (e: Expr): boolean =>
  (e.k === "lit" && e.v === undefined) || (e.k === "id" && e.name === "undefined" && !e.bind) || e.k === "fn";

/** A number, written in place or in a constant. */
function numberOf(e: Expr, module: Module, project: Project, depth = 0): number | undefined {
  if (e.k === "lit") return typeof e.v === "number" ? e.v : undefined;
  if (e.k === "seq" && e.es.length === 1 && e.es[0]) return numberOf(e.es[0], module, project, depth + 1);
  if (e.k !== "id" || depth > 4 || !e.bind) return undefined;
  const home = homeOf(e.bind, module, project);
  if (!home?.bind.constant || home.bind.values.length !== 1) return undefined;
  const [value] = home.bind.values;
  return value && numberOf(value, home.module, project, depth + 1);
}
