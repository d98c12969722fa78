import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Module } from "../../syntax/ir.js";
import { brandOf } from "./brands.js";
import type { Check } from "../../program/rule-of-checks.js";
import { handedOnBy } from "./handed-on-members.js";
import { modulesSaying } from "../modules.js";
import { proxiesOf } from "./proxies.js";

/**
 * A `get` trap that hands on members of an instance whose class keeps its state in private fields or internal slots: they are
 * called on, or read through, the `Proxy`, and throw. `parts`: the read of the member as the trap writes it. `fn` is the trap.
 */
export const privateFields: Check = {
  id: "private-fields",
  summary: "A `get` trap hands on members that only work on the object itself.",
  strict: false,
  find: (project) => modulesSaying(linkWords.proxy, project).flatMap((module) => breaksIn(module, project)),
  message: ({ names: [name, how, where] }) => {
    const [what, done] = how === "accessors" ? ["Accessors", "read through"] : ["Methods", "called on"];
    const thrown = where ? `throw ${where} when` : "throw when";
    return (
      `${what} of ${String(name)} only work on the object itself and ${thrown} they are ${done} this Proxy; ` +
      "read the member of the target, and bind it to the target when it is a function."
    );
  },
};

function breaksIn(module: Module, project: Project): ChainBreak[] {
  return proxiesOf(module).flatMap((proxy): ChainBreak[] => {
    const trap = proxy.traps.get("get");
    const read = trap && handedOnBy(trap, proxy);
    if (!read) return [];
    const brand = brandOf(proxy.target, module, project);
    if (!brand) return [];
    const how =
      brand.methods && !read.bound
        ? "methods"
        : brand.accessors && read.throughProxy
          ? "accessors"
          : undefined;
    if (!how) return [];
    return [
      {
        kind: "chain-break",
        check: "private-fields",
        fn: trap,
        at: read.e.at,
        names: [brand.name, how, brand.where ?? ""],
        ...(brand.where === undefined ? {} : { level: "warning" as const }),
        parts: [read.e],
        others: [
          { fn: proxy.fn, at: proxy.call.at, message: `An instance of ${brand.name} is wrapped here` },
          ...(brand.cls
            ? [
                {
                  fn: brand.cls.module.top,
                  at: brand.cls.at,
                  message: "Its private fields are declared here",
                },
              ]
            : []),
        ],
      },
    ];
  });
}
