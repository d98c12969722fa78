import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Binding, Expr, Fn, Module, Span } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { bareHandlersIn } from "./handlers.js";
import { type LeftBehind, promisifiedIn } from "./promisified.js";
import { bareWrappingsIn } from "./wrapping-libraries.js";
import type { Link } from "../links.js";
import { modulesSaying } from "../modules.js";
import { readsOf } from "../originals.js";

/**
 * A function is replaced by another one, and what it carried stays behind. `names`: the shape, and what is replaced. Shapes:
 * `promisify`: functions of Node that tell `util.promisify` what to do. `handler`: handlers of a framework, in a library that
 * traces them. `library`: any member, by a function that puts wrappers over members. `fn` is the replacement; for `library` the
 * function that puts it there, and `call` makes it. `link` has who makes the replacement, and `parts` the name of the original there.
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
  // a function that is put in several places is told once
  const replaced = new Map<Fn, { found: LeftBehind; names: Set<string> }>();
  for (const found of promisifiedIn(module, project)) {
    const { names } = replaced.get(found.fn) ?? { names: new Set() };
    for (const name of found.names) names.add(name);
    replaced.set(found.fn, { found: replaced.get(found.fn)?.found ?? found, names });
  }
  return [
    ...[...replaced.values()].map(({ found, names }): ChainBreak => ({
      ...broken,
      fn: found.fn,
      at: found.fn.at,
      names: ["promisify", [...names].slice(0, 3).join(", ")],
      link: linkOf(found, "wrap"),
      parts: found.original ? [nameOf(found.original)] : [],
      others: [{ fn: found.in, at: found.at, message: `${[...names].join(", ")} is replaced here` }],
    })),
    ...bareHandlersIn(module, project).map((found): ChainBreak => ({
      ...broken,
      fn: found.fn,
      at: found.fn.at,
      names: ["handler", found.framework],
      link: linkOf({ ...found, at: found.maker.at }, "around"),
      parts: [nameOf(found.original)],
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

/** The replacement as a link, for the repair. */
const linkOf = (
  { fn, maker, original, at }: { fn: Fn; maker: Fn | undefined; original: Binding | undefined; at: Span },
  by: Link["by"],
): Link => ({
  by,
  fn,
  isOriginal: original ? readsOf(original) : () => false,
  name: undefined,
  of: undefined,
  at,
  call: undefined,
  maker,
});

const nameOf = (bind: Binding): Expr => ({ k: "id", name: bind.name, bind, at: bind.at });
