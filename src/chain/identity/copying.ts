import { bareWrappers } from "../../knowledge/functions-with-properties.js";
import type { Project } from "../../program/project.js";
import type { Call, Expr, Fn, Module, Span } from "../../syntax/ir.js";
import { callsIn } from "../originals.js";
import { importedAs } from "./imported-as.js";

/** Code that takes properties over from one function to another, whatever way. It only ever silences. */
const COPIES =
  /getOwnProperty(?:Descriptors|Symbols|Names)|\bownKeys\b|setPrototypeOf|Object\.(?:assign|defineProperties|keys|entries)|copy\w*Prop|copy\w*Metadata|[pP]romisify|\bfor\s*\([^)]*\bin\b|new Proxy\b|[mM]etadata|\b(?:_\.|lodash\.)?(?:assign|extend|defaults)\s*\(|mimic|hoist/;

/** Whether the text of a span takes properties over. */
export function copies(module: Module, at: Span, project: Project): boolean {
  return COPIES.test(project.index.read(module.file)?.slice(...at) ?? "");
}

/**
 * Whether properties of the original come along to the replacement by what a function does around it: by its own text, or by
 * something that is given both and may do so.
 * @param maker gets the original and makes the replacement
 */
export function carriesOver(maker: Fn, isOriginal: (e: Expr) => boolean, fn: Fn, project: Project): boolean {
  if (copies(maker.module, maker.at, project)) return true;
  return callsIn(maker).some(
    (call) =>
      call.args.some(isOriginal) &&
      call.args.some((a) => isReplacement(a, fn)) &&
      !isBare(call, maker.module, project),
  );
}

/** The replacement by its name, or written there. */
function isReplacement(e: Expr, fn: Fn): boolean {
  if (e.k === "fn") return e.fn === fn;
  return e.k === "id" && e.bind !== undefined && e.bind.values.some((v) => v.k === "fn" && v.fn === fn);
}

const MAX_CALLS = 3;

/** What is called copies nothing: a function of the program that shows it, or a package that is known not to. */
export function isBare(call: Call, module: Module, project: Project): boolean {
  const values = project.values.of(call.callee, module);
  const fns = values.flatMap((v) => (v.v === "fn" ? [v.fn] : []));
  if (fns.length > 0) return fns.length === values.length && !fns.some((fn) => copiesSomewhere(fn, project));
  const as = importedAs(call.callee);
  if (as) return bareWrappers[as.specifier]?.includes(as.name) === true;
  return isInherited(call.callee);
}

/** A function takes properties over, or one of the program that it calls does. */
function copiesSomewhere(fn: Fn, project: Project, depth = 0): boolean {
  if (copies(fn.module, fn.at, project)) return true;
  return (
    depth < MAX_CALLS &&
    callsIn(fn).some(({ callee }) =>
      project.values
        .of(callee, fn.module)
        .some((v) => v.v === "fn" && v.fn !== fn && copiesSomewhere(v.fn, project, depth + 1)),
    )
  );
}

/** `this._wrap` of a class that extends OpenTelemetry's base class. */
function isInherited(callee: Expr): boolean {
  if (callee.k !== "mem" || callee.o.k !== "this" || callee.p === undefined) return false;
  const parent = callee.o.cls?.superClass;
  const as = parent && importedAs(parent);
  return as !== undefined && bareWrappers[as.specifier]?.includes(callee.p) === true;
}
