import type { SdkClass } from "../../src/facts/lookup.js";
import type { CallFacts, Role } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";

export interface NamedCall {
  name: string;
  facts: CallFacts;
}

/** The first member of a class, its own or inherited, that has a role and whose end can be awaited. */
export function memberWithRole(project: Project, cls: SdkClass, role: Role): NamedCall | undefined {
  let current: SdkClass | undefined = cls;
  for (let depth = 0; current && depth < 8; depth++) {
    for (const [name, facts] of Object.entries(current.facts.members))
      if (
        "role" in facts &&
        facts.role === role &&
        (facts.style === "promise" || facts.style === "promise-or-callback")
      )
        return { name, facts };
    current = current.facts.extends
      ? project.lookup.classNamed(current.vendor, current.pkg, current.facts.extends)
      : undefined;
  }
  return undefined;
}
