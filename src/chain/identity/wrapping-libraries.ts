import type { Project } from "../../program/project.js";
import type { Binding, Call, Expr, Fn, Module } from "../../syntax/ir.js";
import { callsIn, isWithin, readsOf } from "../originals.js";
import { originOf } from "../same.js";
import { expressionsIn } from "../walk.js";
import { copies, isBare } from "./copying.js";

/** A function that puts a wrapper over a member of any object, by whatever name it is given. */
export interface BareWrapping {
  /** `(object, names, wrapper)`. */
  library: Fn;
  /** The call that makes the wrapper: `wrapper(original)`. */
  made: Call;
  /** The function in which that stands. */
  fn: Fn;
}

/**
 * The functions of a module that save `object[name]`, hand it to a function that they were given, and put the result in its place,
 * with marks of their own on it and without the properties of the original.
 */
export function bareWrappingsIn(module: Module, project: Project): BareWrapping[] {
  return module.calls.flatMap(({ call, fn }): BareWrapping[] => {
    const library = libraryAround(call, fn);
    if (!library || copies(module, library.at, project)) return [];
    const isWrapped = (e: Expr): boolean => originOf(e) === call;
    const own = callsIn(library);
    const putBack = expressionsIn(module).some(
      ({ e, fn: at }) =>
        e.k === "set" && e.to.k === "mem" && e.to.p === undefined && isWithin(at, library) && isWrapped(e.e),
    );
    if (!putBack) return [];
    const marked = expressionsIn(module).some(
      ({ e, fn: at }) => e.k === "set" && e.to.k === "mem" && isWithin(at, library) && isWrapped(e.to.o),
    );
    const markedByCall = own.some(({ args }) => args[0] !== undefined && isWrapped(args[0]));
    if (!marked && !markedByCall) return [];
    const handsBoth = own.some(
      (c) =>
        c !== call &&
        c.args.some(isWrapped) &&
        c.args.some((a) => call.args[0] && isSameValue(a, call.args[0])) &&
        !isBare(c, module, project) &&
        !isDefine(c),
    );
    return handsBoth ? [] : [{ library, made: call, fn }];
  });
}

const isDefine = ({ callee }: Call): boolean =>
  callee.k === "mem" &&
  callee.p === "defineProperty" &&
  callee.o.k === "id" &&
  /^(?:Object|Reflect)$/.test(callee.o.name);

const isSameValue = (a: Expr, b: Expr): boolean =>
  originOf(a) === originOf(b) || (a.k === "id" && b.k === "id" && a.bind !== undefined && a.bind === b.bind);

/** The function whose parameter is called with `object[name]`, the object being a parameter of it as well. */
function libraryAround({ callee, args, isNew }: Call, fn: Fn): Fn | undefined {
  const [given] = args;
  const wrapper = callee.k === "id" ? callee.bind : undefined;
  if (isNew || !given || !wrapper?.param || wrapper.param.path.length > 0) return undefined;
  const library = wrapper.param.fn;
  const member = originOf(given);
  if (!isWithin(fn, library) || member.k !== "mem" || member.p !== undefined) return undefined;
  const object = member.o;
  const isParameter = library.params.some(
    ([bind]) => bind !== undefined && isParam(bind) && readsOf(bind)(object),
  );
  return isParameter && library.params.length >= 3 ? library : undefined;
}

const isParam = (bind: Binding): boolean => bind.kind === "param";
