import type { Module } from "../../src/syntax/ir.js";
import type { Source } from "../edit/source.js";
import { takenNames } from "../flush/names.js";

/** How the global timer is reached: a module can have a `setTimeout` of its own. */
export const timerIn = (module: Module): string =>
  module.bindings.some((b) => b.name === "setTimeout") ? "globalThis.setTimeout" : "setTimeout";

/** The first of some names that a file does not use. */
export function freeNameIn(source: Source, choices: readonly string[]): string | undefined {
  const taken = takenNames(source);
  return choices.find((name) => !taken.has(name));
}
