import { promisified, promisifiedGlobals } from "../../knowledge/functions-with-properties.js";
import type { Project } from "../../program/project.js";
import type { Binding, Call, Expr, Fn, Module } from "../../syntax/ir.js";
import { linksOf } from "../links.js";
import { madeBy, readsOf } from "../originals.js";
import { originOf } from "../same.js";
import { carriesOver, copies, isBare } from "./copying.js";

/** A replacement of functions of Node that carry something for `util.promisify`, and leaves it behind. */
export interface LeftBehind {
  /** The replacement. */
  fn: Fn;
  /** The function that makes it, with the parameter that brings the original; none where it is put over the member itself. */
  maker: Fn | undefined;
  original: Binding | undefined;
  /** What is replaced: `setTimeout`. */
  names: string[];
  /** Where it is put in place. */
  at: Call["at"];
  /** The function in which that stands. */
  in: Fn;
}

/** `wrap(timers, "setTimeout", (original) => function () { ... })`, `massWrap(fs, ["exists", "read"], wrapLast)`. */
export function promisifiedIn(module: Module, project: Project): LeftBehind[] {
  return [...wrappedIn(module, project), ...savedIn(module, project)];
}

const WRAPS = /^_?(?:mass)?[wW]rap\w*$|^fill$/;

function wrappedIn(module: Module, project: Project): LeftBehind[] {
  return module.calls.flatMap(({ call, fn: within }): LeftBehind[] => {
    const [of, name, made] = call.args;
    const { callee } = call;
    const called = callee.k === "id" ? callee.name : callee.k === "mem" ? callee.p : undefined;
    if (!of || !name || !made || !WRAPS.test(called ?? "")) return [];
    const known = carryingOf(of, module, project);
    const names = namesIn(name).filter((n) => known.includes(n));
    if (names.length === 0 || !isBare(call, module, project)) return [];
    return project.values.of(made, module).flatMap((v): LeftBehind[] => {
      if (v.v !== "fn" || copies(v.fn.module, v.fn.at, project)) return [];
      const [first] = madeBy(v.fn, 0, project);
      if (!first) return [];
      const { fn, maker, original } = first;
      if (carriesOver(maker, readsOf(original), fn, project)) return [];
      return [{ fn, maker, original, names, at: call.at, in: within }];
    });
  });
}

/** `const original = timers.setTimeout; timers.setTimeout = function () { ... }`. */
function savedIn(module: Module, project: Project): LeftBehind[] {
  return linksOf(module, project).flatMap(({ by, of, name, fn, at }): LeftBehind[] => {
    if (by !== "saved" || !of || name === undefined || !carryingOf(of, module, project).includes(name))
      return [];
    const around = fn.parent ?? fn;
    if (copies(module, around.at, project)) return [];
    return [{ fn, maker: undefined, original: undefined, names: [name], at, in: around }];
  });
}

/** The functions with something to carry that an object has: a module of Node, or its global object. */
function carryingOf(of: Expr, module: Module, project: Project): readonly string[] {
  const objects = of.k === "arr" ? of.items : [of];
  return objects.flatMap((o) => {
    if (o.k === "id" && !o.bind) {
      const ofNode = o.name === "global" || o.name === "globalThis";
      return ofNode && importsNode(module) ? promisifiedGlobals : [];
    }
    return project.values.of(o, module).flatMap((v) => {
      const found = v.v === "package" && (v.path === "" || v.path === "default");
      return found ? (promisified[v.specifier.replace(/^node:/, "")] ?? []) : [];
    });
  });
}

/** Files for browsers and for Node look alike; one that loads a module of Node is for Node. */
const importsNode = (module: Module): boolean =>
  module.imports.some(
    ({ specifier, typeOnly }) =>
      !typeOnly &&
      (specifier.startsWith("node:") || specifier in promisified || NODE_MODULES.test(specifier)),
  );

const NODE_MODULES = /^(?:async_hooks|net|os|path|perf_hooks|process|util|worker_threads)$/;

/** The names that are written out: one, or a list. */
function namesIn(e: Expr): string[] {
  const origin = originOf(e);
  if (origin.k === "arr") return origin.items.flatMap(namesIn);
  return origin.k === "lit" && typeof origin.v === "string" ? [origin.v] : [];
}
