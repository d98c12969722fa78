import type { SdkCall } from "../../src/facts/lookup.js";
import type { CallFacts, PackageFacts } from "../../src/knowledge/schema.js";
import type { PackageJson } from "../../src/program/index/types.js";
import type { Project } from "../../src/program/project.js";

/** The major version of a package that the project asks for; undefined when it does not say. */
export function majorOf(project: Project, file: string, pkg: PackageFacts): number | undefined {
  for (const json of [project.index.packageOf(file)?.json, project.index.packageOf("package.json")?.json]) {
    for (const specifier of pkg.specifiers) {
      const range = json && rangeIn(json, packageName(specifier));
      const major = /^\D*(\d+)/.exec(range ?? "")?.[1];
      if (major !== undefined && !/^(workspace|file|link|git|http)/.test(range ?? "")) return Number(major);
    }
  }
  return undefined;
}

function rangeIn(json: PackageJson, name: string): string | undefined {
  return json.dependencies?.[name] ?? json.devDependencies?.[name] ?? json.peerDependencies?.[name];
}

/** `@scope/name/deep` -> `@scope/name`. */
export const packageName = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** What is known of a member in the version that the project uses; `undefined` when that version has no such member. */
export function factsOf(project: Project, file: string, member: SdkCall): CallFacts | undefined {
  const { pkg, name: className } = member.cls;
  const ofMajor = (exports: PackageFacts["exports"] | undefined): CallFacts | "absent" | undefined => {
    const facts = exports?.[className];
    if (facts?.kind !== "class") return undefined;
    const found = facts.members[member.name];
    return found && "role" in found ? found : "absent";
  };
  const major = majorOf(project, file, pkg);
  const known = pkg.majors ?? [];
  if (major !== undefined) {
    for (const m of known) {
      const facts = isIn(major, m.range) ? ofMajor(m.exports) : undefined;
      if (facts) return facts === "absent" ? undefined : facts;
    }
    return member.facts;
  }
  // the version is not known: what one of them lacks cannot be relied on; a callback is understood by those that need it
  const each = known.map((m) => ofMajor(m.exports)).filter((f) => f !== undefined);
  if (each.length > 1 && each.includes("absent")) return undefined;
  const told = each.find((f) => f !== "absent" && f.style === "callback");
  return each.length > 1 && told && told !== "absent" ? told : member.facts;
}

/** `<3`, `>=3`. */
function isIn(major: number, range: string): boolean {
  const [, operator, bound] = /^(<|>=)(\d+)$/.exec(range) ?? [];
  if (bound === undefined) return false;
  return operator === "<" ? major < Number(bound) : major >= Number(bound);
}
