import { moduleHooks } from "../../knowledge/module-hooks.js";
import type { Project } from "../../program/project.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Binding, Call, Expr, Fn, Module } from "../../syntax/ir.js";
import { choicesOf, functionOf, readsOf } from "../originals.js";
import { isRead, originOf } from "../same.js";
import { importedAs } from "./imported-as.js";
import { type Copy, isMadeFrom } from "./copies.js";

/** A copy of the exports of a module, which a function of the program returns in their place. */
export interface CopiedModule {
  copy: Copy;
  /** The parameter that brings the exports. */
  exports: Binding;
  /** Who is given the function, when that is known. */
  hook: Call | undefined;
  /** A class of the module is replaced by one that extends it. */
  extendsClass: boolean;
}

/**
 * The copies that stand for a module: returned by a function that a hook of modules runs, or by one that returns its parameter
 * as it is on another path and puts classes that extend those of the parameter into the copy.
 */
export function copiedModules(module: Module, copies: readonly Copy[], project: Project): CopiedModule[] {
  const hooked = hookedIn(module, project);
  return copies.flatMap((copy): CopiedModule[] => {
    const returnedBy = module.fns.find((fn) => returnsOf(fn.body).some((e) => choicesOf(e).includes(copy.e)));
    const exports = (returnedBy ?? copy.fn).params[0];
    const [bind] = exports ?? [];
    if (!returnedBy || !bind || exports?.length !== 1 || !readsOf(bind)(copy.of)) return [];
    const hook = hooked.get(returnedBy);
    const extendsClass = [...copy.own].some(
      ([name, value]) => isMadeFrom(value, name, copy.of) && returnsSubclass(value, module, project),
    );
    if (hook) return [{ copy, exports: bind, hook, extendsClass }];
    const isReturned = returnsOf(returnedBy.body).some((e) => isRead(originOf(e), bind));
    return isReturned && extendsClass ? [{ copy, exports: bind, hook: undefined, extendsClass }] : [];
  });
}

/** The functions that a hook of modules runs, each with the call that registers it. */
function hookedIn(module: Module, project: Project): Map<Fn, Call> {
  const found = new Map<Fn, Call>();
  for (const { call } of module.calls) {
    const as = importedAs(call.callee);
    const hook =
      as && moduleHooks.find((h) => h.packages.includes(as.specifier) && h.exports.includes(as.name));
    const given = hook && (hook.takes === "last" ? call.args.at(-1) : call.args[hook.takes]);
    if (!given) continue;
    const written = functionOf(given);
    if (written) found.set(written, call);
    for (const v of project.values.of(given, module)) if (v.v === "fn") found.set(v.fn, call);
  }
  return found;
}

/** `wrap(Original)` returns a class that extends what it was given. */
function returnsSubclass(call: Call, module: Module, project: Project): boolean {
  return project.values.of(call.callee, module).some(
    (v) =>
      v.v === "fn" &&
      returnsOf(v.fn.body).some((e) => {
        const parent = classOf(e)?.superClass;
        return (
          parent !== undefined && v.fn.params.some(([bind]) => bind !== undefined && readsOf(bind)(parent))
        );
      }),
  );
}

function classOf(e: Expr): { superClass: Expr | undefined } | undefined {
  const origin = originOf(e);
  if (origin.k === "class") return origin.cls;
  const [declared] = origin.k === "id" && origin.bind?.kind === "class" ? origin.bind.values : [];
  return declared?.k === "class" ? declared.cls : undefined;
}
