import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";
import { originOf } from "../same.js";

export type Obj = Expr & { k: "obj" };

/** A property of an options object. */
export interface Option {
  name: string;
  value: Expr;
  /** The module in which the value stands, and the literal. */
  module: Module;
  obj: Obj;
  /** What is spread into the asked object to bring it there; undefined for a property of its own. */
  spread: Expr | undefined;
  /** It is there in any case: not spread under a condition. */
  sure: boolean;
}

/** An options object as far as the program shows it. */
export interface Options {
  /** Its properties in the order in which they are put there: of two with one name, the later one counts. */
  all: readonly Option[];
  /** How many of them something unknown comes behind, which may replace them; undefined when all is known. */
  unknownAt: number | undefined;
}

/** More than this many layers of spreads say nothing. */
const MAX_DEPTH = 5;

/** The options that an expression stands for: an object literal, or a name for one, maybe of another file. Undefined for anything else. */
export function optionsOf(e: Expr, module: Module, project: Project): Options | undefined {
  const literal = literalOf(e, module, project);
  return literal && layersOf(literal.obj, literal.module, project);
}

/** The one object literal that an expression can be. */
export function literalOf(
  e: Expr,
  module: Module,
  project: Project,
): { obj: Obj; module: Module } | undefined {
  if (e.k === "obj") return { obj: e, module };
  if (e.k !== "id" && e.k !== "mem") return undefined;
  // of `asked() || {}` the values know the literal alone
  if (["logic", "cond"].includes(originOf(e).k)) return undefined;
  const values = project.values.of(e, module);
  const [only] = values;
  return values.length === 1 && only?.v === "object" ? { obj: only.obj, module: only.module } : undefined;
}

/** The properties of an object literal, those of what is spread into it included. */
export function layersOf(obj: Obj, module: Module, project: Project, depth = 0): Options {
  const all: Option[] = [];
  let unknownAt: number | undefined;
  for (const { name, value } of obj.props) {
    if (name !== undefined) {
      all.push({ name, value, module, obj, spread: undefined, sure: true });
      continue;
    }
    const spread = value.k === "spread" ? spreadOf(value.e, module, project, depth) : undefined;
    if (value.k !== "spread" || !spread || spread.unknownAt !== undefined) unknownAt = all.length;
    else all.push(...spread.all.map((o) => ({ ...o, spread: value.e })));
  }
  return { all, unknownAt };
}

/** What a spread adds; undefined when the program does not show it. */
function spreadOf(e: Expr, module: Module, project: Project, depth: number): Options | undefined {
  if (depth > MAX_DEPTH) return undefined;
  // `...(enabled && { ... })`, `...(enabled ? { ... } : {})`
  const branches = e.k === "logic" && e.op === "&&" ? [e.r] : e.k === "cond" ? [e.then, e.else] : undefined;
  if (branches) {
    const spreads = branches.map((branch) => spreadOf(branch, module, project, depth));
    if (spreads.some((s) => s === undefined)) return undefined;
    const all = spreads.flatMap((s) => s?.all.map((o) => ({ ...o, sure: false })) ?? []);
    return { all, unknownAt: spreads.find((s) => s?.unknownAt !== undefined)?.unknownAt };
  }
  if (e.k === "lit") return { all: [], unknownAt: undefined };
  const literal = literalOf(e, module, project);
  return literal && layersOf(literal.obj, literal.module, project, depth + 1);
}

/** The property that counts in the end, where it is there in any case and nothing unknown can have replaced it. */
export function finalOf({ all, unknownAt = 0 }: Options, name: string): Option | undefined {
  const at = all.findLastIndex((o) => o.name === name);
  const last = all[at];
  return last?.sure === true && at >= unknownAt ? last : undefined;
}

/** Nothing at all: `undefined`, `null`. */
export const isNothing = (e: Expr): boolean => e.k === "lit" && (e.v === undefined || e.v === null);
