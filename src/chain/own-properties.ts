import { linkWords } from "../knowledge/link-words.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Module } from "../syntax/ir.js";
import type { Check } from "./check.js";
import { bareHandlersIn } from "./identity/handlers.js";
import { promisifiedIn } from "./identity/promisified.js";
import { bareWrappingsIn } from "./identity/wrapping-libraries.js";
import { modulesSaying } from "./modules.js";

/**
 * A function is replaced by another one, and what it carried stays behind. `names`: the shape, and what is replaced. Shapes:
 * `promisify`: functions of Node that tell `util.promisify` what to do. `handler`: handlers of a framework, in a library that
 * traces them. `library`: any member, by a function that puts wrappers over members. `fn` is the replacement; for `library` the
 * function that puts it there, and `call` makes it.
 */
export const ownProperties: Check = {
  id: "own-properties",
  summary: "A wrapper function leaves the metadata and properties of the original behind.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.properties, project).flatMap((module) => breaksIn(module, project)),
  message: ({ names: [shape, name] }) => {
    if (shape === "promisify")
      return `This function takes the place of ${String(name)} without util.promisify.custom, so util.promisify makes something else of it; copy the own properties of the original.`;
    if (shape === "handler")
      return `This function takes the place of a handler of ${String(name)} without the metadata and properties that other packages put on it; copy them, or wrap the handler in a Proxy with an apply trap.`;
    return "The wrapper that is put in place here has none of the properties of the function that it replaces; copy them before it is put in place.";
  },
};

function breaksIn(module: Module, project: Project): ChainBreak[] {
  const broken = { kind: "chain-break", check: "own-properties" } as const;
  const replaced = new Map<number, { found: ReturnType<typeof promisifiedIn>[number]; names: Set<string> }>();
  for (const found of promisifiedIn(module, project)) {
    const key = found.fn.at[0];
    const known = replaced.get(key);
    for (const name of found.names) (known?.names ?? new Set()).add(name);
    if (!known) replaced.set(key, { found, names: new Set(found.names) });
  }
  return [
    ...[...replaced.values()].map(({ found, names }): ChainBreak => ({
      ...broken,
      fn: found.fn,
      at: found.fn.at,
      names: ["promisify", [...names].slice(0, 3).join(", ")],
      others: [{ fn: found.in, at: found.at, message: `${[...names].join(", ")} is replaced here` }],
    })),
    ...bareHandlersIn(module, project).map(({ fn, framework }): ChainBreak => ({
      ...broken,
      fn,
      at: fn.at,
      names: ["handler", framework],
    })),
    ...bareWrappingsIn(module, project).map(({ fn, made }): ChainBreak => ({
      ...broken,
      fn,
      at: made.at,
      call: made,
      level: "warning",
      names: ["library", ""],
    })),
  ];
}
