import type { Call, Expr, Fn, Module, Span } from "../../syntax/ir.js";
import { isRead, originOf } from "../same.js";
import { expressionsIn, putsOf } from "../walk.js";

/** An object that is made of the own properties of another one: `{ ...original, close }`, `Object.assign({}, original, { close })`. */
export interface Copy {
  e: Expr;
  at: Span;
  fn: Fn;
  /** What is copied. */
  of: Expr;
  /** What is put into the copy behind that, by name: in the same expression, or later. */
  own: ReadonlyMap<string, Expr>;
}

/** Every copy of a module. */
export function copiesIn(module: Module): Copy[] {
  const puts = putsOf(module);
  return expressionsIn(module).flatMap(({ e, fn }) => {
    const parts = e.k === "obj" ? partsOf(e) : e.k === "call" ? assigned(e) : undefined;
    return (parts ?? []).map(([of, own]): Copy => {
      // `const copy = { ...original }; copy.close = ...`
      for (const { to, e: value } of puts)
        if (to.p !== undefined && to.o !== of && originOf(to.o) === e) own.set(to.p, value);
      return { e, at: e.at, fn, of, own };
    });
  });
}

type Part = [of: Expr, own: Map<string, Expr>];

/** What is spread first, with the properties that follow it. */
function partsOf({ props }: Expr & { k: "obj" }): Part[] {
  const [first, ...rest] = props;
  if (first?.value.k !== "spread") return [];
  return [[first.value.e, namedIn(rest)]];
}

const namedIn = (props: readonly { name: string | undefined; value: Expr }[]): Map<string, Expr> =>
  new Map(props.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value] as const])));

/** `Object.assign({}, original, { ... })`. */
function assigned({ callee, args, isNew }: Call): Part[] {
  const onObject = callee.k === "mem" && callee.p === "assign" && isGlobalObjectClass(callee.o);
  const [into, of, ...rest] = args;
  if (isNew || !onObject || !of || into?.k !== "obj" || into.props.length > 0) return [];
  return [[of, namedIn(rest.flatMap((e) => (e.k === "obj" ? e.props : [])))]];
}

const isGlobalObjectClass = (e: Expr): boolean => e.k === "id" && e.name === "Object" && !e.bind;

/** Whether a value of a copy is made from what is copied: `Connection: wrap(original.Connection)`. */
export const isMadeFrom = (value: Expr, name: string, of: Expr): value is Call =>
  value.k === "call" &&
  value.args.some(
    (a) =>
      a.k === "mem" &&
      a.p === name &&
      (a.o === of || (a.o.k === "id" && of.k === "id" && !!of.bind && isRead(a.o, of.bind))),
  );
