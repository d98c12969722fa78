import type { Project } from "../../program/project.js";
import type { Binding, Expr, Fn, Module } from "../../syntax/ir.js";
import { type Link, linksOf } from "../links.js";
import { isResult } from "./handed-back.js";
import { callsIn, functionOf, isWithin, unbound } from "../originals.js";
import { isGlobalObject, originOf } from "../same.js";
import { calledName } from "../spans.js";
import { variablesOf } from "../walk.js";

/** The links of a module that stand in the place of the global `fetch`, or of one that they were handed as such. */
export const fetchLinksOf = (module: Module, project: Project): Link[] =>
  linksOf(module, project).filter((link) => {
    if (link.by === "wrap" || link.by === "saved")
      return link.name === "fetch" && (link.of === undefined || isGlobal(link.of, module, project));
    if (link.by === "trap") return link.name === "apply" && link.of !== undefined && isFetch(link.of);
    return link.by === "around" && link.maker !== undefined && takesFetch(link);
  });

/** The links that say of themselves that they give a response. */
export const responseLinksOf = (module: Module, project: Project): Link[] =>
  linksOf(module, project).filter(({ fn }) => fn.returnType.some(isResponseType));

/** `globalThis`, or what a program calls it; an object whose own `fetch` gives something else is none. */
const isGlobal = (of: Expr, module: Module, project: Project): boolean =>
  isGlobalObject(of) || project.values.of(of, module).every((v) => v.v === "global" || v.v === "package");

const isFetch = (e: Expr): boolean => {
  const origin = originOf(unbound(e));
  if (origin.k === "id") return origin.bind === undefined && origin.name === "fetch";
  return origin.k === "mem" && origin.p === "fetch" && isGlobalObject(origin.o);
};

/** `(baseFetch: typeof fetch) => async (...args) => { ... }`. */
const takesFetch = ({ maker, isOriginal }: Link): boolean =>
  maker?.params.some(
    ([bind, ...more], index) =>
      bind !== undefined &&
      more.length === 0 &&
      isOriginal({ k: "id", name: bind.name, bind, at: bind.at }) &&
      maker.paramTypes[index]?.some(({ expr }) => isFetch(expr)) === true,
  ) === true;

const isResponseType = ({ expr }: { expr: Expr }): boolean =>
  expr.k === "id" && expr.name === "Response" && expr.bind === undefined;

/** The variables of a link that hold what the original answered: awaited, or handed to a function by `.then()`. */
export function answersOf({ fn, isOriginal }: Link, project: Project): Set<Binding> {
  const gives = (e: Expr, at: Fn): boolean => isResult(e, at, isOriginal, project);
  const found = new Set<Binding>();
  for (const bind of variablesOf(fn.module))
    if (isWithin(bind.owner, fn) && bind.values.some((v) => v.k === "await" && gives(v.e, bind.owner)))
      found.add(bind);
  for (const { callee, args } of callsIn(fn)) {
    const [then] = args;
    if (callee.k !== "mem" || callee.p !== "then" || !then || !gives(callee.o, fn)) continue;
    const bind = takenBy(then);
    if (bind) found.add(bind);
  }
  return found;
}

/** The parameter to which `.then()` hands the value: the first, or the first that `.bind()` has left. */
function takenBy(then: Expr): Binding | undefined {
  const bound = then.k === "call" && calledName(then) === "bind" ? Math.max(0, then.args.length - 1) : 0;
  const [bind, ...more] = functionOf(unbound(then))?.params[bound] ?? [];
  return more.length === 0 ? bind : undefined;
}
