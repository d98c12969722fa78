import type { Fn, Module } from "../syntax/ir.js";
import { newFn } from "../syntax/lower.js";

/**
 * A manifest as a module without code, so that a finding can stand in it. Give the result as `fn` and its `module` as the
 * module of a report; the offsets are those of the manifest's text.
 * @param text of the manifest
 */
export function manifestPlace(file: string, text: string): Fn {
  const module: Module = {
    file,
    top: undefined as unknown as Fn,
    fns: [],
    classes: [],
    calls: [],
    casts: [],
    bindings: [],
    exports: new Map(),
    reexports: [],
    imports: [],
    esm: false,
  };
  module.top = newFn(module, { at: [0, text.length], kind: "module", name: "(manifest)" });
  return module.top;
}
