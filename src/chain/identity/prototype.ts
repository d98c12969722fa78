import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { boundCopies } from "./bound-copies.js";
import { brandOf } from "./brands.js";
import { copiesIn, type Copy, isMadeFrom } from "./copies.js";
import { copiedModules } from "./patched-modules.js";
import { prototypeOf } from "./prototype-methods.js";
import { modulesSaying } from "../modules.js";

/**
 * What takes the place of an instance has only its own properties, or only its prototype. `names`: the shape, what is copied, and
 * what is missing. Shapes: `create`: `Object.create(instance)` of a class with private fields. `spread`: a copy of an instance with
 * a method put into it. `module`: a copy of a module that its instrumentation returns. `bound`:
 * a copy to which a method of the original is bound. `parts`: the copy, and what is copied.
 */
export const prototype: Check = {
  id: "prototype",
  summary: "A copy takes the place of an instance and has not what stands on its prototype.",
  strict: true,
  find: (project) =>
    modulesSaying(linkWords.identity, project).flatMap((module) => breaksIn(module, project)),
  message: ({ names: [shape, name, missing] }) => {
    if (shape === "create")
      return `Methods of ${String(name)} only work on the object itself and throw on what Object.create makes of it; patch the method on the object, or wrap it in an object that calls it.`;
    if (shape === "module")
      return "This copy takes the place of the module and has neither its getters nor what is not enumerable, such as __esModule; copy the property descriptors, or patch the member in place.";
    if (shape === "bound")
      return `\`${String(name)}\` runs on this copy from here on, and the copy has only own properties: what the class of the original declares is gone; keep its prototype.`;
    return `This copy takes the place of an instance of ${String(name)} and has only its own properties: ${String(missing)} of its class ${String(missing).includes(" and ") ? "are" : "is"} gone; keep the prototype, or patch the method on the instance.`;
  },
};

function breaksIn(module: Module, project: Project): ChainBreak[] {
  const copies = copiesIn(module);
  return [
    ...created(module, project),
    ...copiedModules(module, copies, project).map(({ copy, exports, extendsClass }) => ({
      ...broken(copy, ["module", exports.name, ""]),
      // nobody may ask a module of functions for what is gone
      strict: !extendsClass,
    })),
    ...boundCopies(module, copies, project).map(({ copy, method }) => broken(copy, ["bound", method, ""])),
    ...copies.flatMap((copy) => {
      const missing = missingIn(copy, module, project);
      return missing ? [broken(copy, ["spread", missing.name, missing.members])] : [];
    }),
  ];
}

const broken = ({ e, at, fn, of }: Copy, names: string[]): ChainBreak => ({
  kind: "chain-break",
  check: "prototype",
  fn,
  at,
  names,
  parts: [e, of],
});

function created(module: Module, project: Project): ChainBreak[] {
  return module.calls.flatMap(({ call, fn }): ChainBreak[] => {
    const { callee, args, isNew, at } = call;
    const [of] = args;
    const isObject =
      callee.k === "mem" && callee.o.k === "id" && callee.o.name === "Object" && !callee.o.bind;
    if (isNew || !of || !isObject || callee.p !== "create") return [];
    const brand = brandOf(of, module, project);
    if (!brand?.methods) return [];
    return [
      {
        kind: "chain-break",
        check: "prototype",
        fn,
        at,
        call,
        names: ["create", brand.name, ""],
        parts: [call, of],
      },
    ];
  });
}

/** What a copy of an instance lacks; undefined where the copy puts no function in the place of a method. */
function missingIn(
  copy: Copy,
  module: Module,
  project: Project,
): { name: string; members: string } | undefined {
  const { own } = copy;
  if (own.size === 0) return undefined;
  const original = prototypeOf(copy.of, module, project);
  if (!original) return undefined;
  const stands = ([name, e]: [string, Expr]): boolean =>
    !DESCRIBE.has(name) &&
    (original.members.has(name) || original.open) &&
    (e.k === "fn" || isMadeFrom(e, name, copy.of));
  if (![...own].some(stands)) return undefined;
  const missing = [...original.members].filter((name) => !own.has(name));
  return missing.length === 0 ? undefined : { name: original.name, members: listed(missing) };
}

/** What a plain record may have as well. */
const DESCRIBE = new Set(["toJSON", "toString", "valueOf"]);

/** `close`, `close and flush`, `close, flush and others`. */
function listed(names: readonly string[]): string {
  const [first, second, third] = names;
  if (second === undefined) return `\`${String(first)}\``;
  return third === undefined
    ? `\`${String(first)}\` and \`${second}\``
    : `\`${String(first)}\`, \`${second}\` and others`;
}
