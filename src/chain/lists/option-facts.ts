import { type OptionFacts, optionFacts } from "../../knowledge/ignored-options.js";
import type { Project } from "../../program/project.js";
import type { Call, Module } from "../../syntax/ir.js";

/** What the table says of the options of the class that a call makes, or whose constructor a subclass calls. */
export function optionFactsOf(call: Call, module: Module, project: Project): OptionFacts | undefined {
  if (!call.isNew && call.callee.k !== "super") return undefined;
  for (const v of project.values.callee(call.callee, module)) {
    const made =
      v.v === "sdk" && v.sdk.is === "class"
        ? { packages: v.sdk.cls.pkg.specifiers, name: v.sdk.cls.name }
        : v.v === "package"
          ? { packages: [v.specifier], name: v.path }
          : undefined;
    const name = made?.name.split(".").at(-1) ?? "";
    const facts = optionFacts.find(
      (f) => f.classes.includes(name) && made?.packages.some((p) => f.packages.includes(p)),
    );
    if (facts) return facts;
  }
  return undefined;
}
