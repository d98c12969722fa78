import type {
  CallFacts,
  ExitFacts,
  ExportFacts,
  OwnerFacts,
  PackageFacts,
  Vendor,
} from "../knowledge/schema.js";

import { forVersion } from "./majors.js";

type ClassFacts = ExportFacts & { kind: "class" };

/** A class of an SDK, with the tables that speak of it. */
export interface SdkClass {
  vendor: Vendor;
  pkg: PackageFacts;
  name: string;
  facts: ClassFacts;
}

/** What a name exported by an SDK package is. */
export type SdkExport =
  | { is: "namespace"; vendor: Vendor; pkg: PackageFacts; path: string }
  | { is: "class"; cls: SdkClass }
  | { is: "handle"; cls: SdkClass }
  | { is: "call"; vendor: Vendor; pkg: PackageFacts; name: string; facts: CallFacts }
  | { is: "factory"; cls: SdkClass };

/** A call on a handle. */
export interface SdkCall {
  is: "call";
  cls: SdkClass;
  name: string;
  facts: CallFacts;
}

/** What a member of a handle is. */
export type SdkMember = SdkCall | { is: "handle"; cls: SdkClass } | { is: "factory"; cls: SdkClass };

/** Answers what the tables know of a module specifier, an exported path or a member. Holds no facts itself. */
export class Lookup {
  private readonly exact = new Map<string, { vendor: Vendor; pkg: PackageFacts }>();
  private readonly below: { prefix: string; found: { vendor: Vendor; pkg: PackageFacts } }[] = [];
  private readonly exitGlobals = new Map<string, ExitFacts>();
  private readonly exitExports = new Map<string, ExitFacts>();
  private readonly ownersByModule = new Map<string, OwnerFacts[]>();

  constructor(
    readonly vendors: Vendor[],
    exits: ExitFacts[],
    owners: OwnerFacts[],
  ) {
    for (const vendor of vendors)
      for (const pkg of vendor.packages)
        for (const specifier of pkg.specifiers) {
          if (specifier.endsWith("/*"))
            this.below.push({ prefix: specifier.slice(0, -1), found: { vendor, pkg } });
          else this.exact.set(specifier, { vendor, pkg });
        }
    for (const exit of exits) {
      if (!exit.modules) this.exitGlobals.set(exit.path, exit);
      for (const m of exit.modules ?? []) this.exitExports.set(`${m}#${exit.path}`, exit);
    }
    for (const owner of owners)
      for (const m of owner.modules)
        this.ownersByModule.set(m, [...(this.ownersByModule.get(m) ?? []), owner]);
  }

  package(specifier: string): { vendor: Vendor; pkg: PackageFacts } | undefined {
    return this.exact.get(specifier) ?? this.below.find((b) => specifier.startsWith(b.prefix))?.found;
  }

  /**
   * The whole module behind a specifier.
   * @param declared the range of versions that the importing program asks for
   */
  namespace(specifier: string, declared?: string): SdkExport | undefined {
    const found = this.package(specifier);
    return found && { is: "namespace", vendor: found.vendor, pkg: forVersion(found.pkg, declared), path: "" };
  }

  /** One step deeper into a namespace. */
  step(space: SdkExport & { is: "namespace" }, name: string): SdkExport | undefined {
    const { vendor, pkg } = space;
    const path = space.path ? `${space.path}.${name}` : name;
    const facts = pkg.exports[path];
    if (!facts) {
      // CommonJS interop: the default import of a package is its namespace
      if (path === "default") return { is: "namespace", vendor, pkg, path: "" };
      const bare = path.replace(/^default\./, "");
      if (bare !== path && pkg.exports[bare]) return this.fromFacts(vendor, pkg, bare, pkg.exports[bare]);
      // without a fact it is still a function of the SDK: `withScope(fn)` runs its callback
      return { is: "namespace", vendor, pkg, path };
    }
    return this.fromFacts(vendor, pkg, path, facts);
  }

  /** What calling the namespace itself does, where a package exports a function as its whole self. */
  callable(space: SdkExport & { is: "namespace" }): SdkExport | undefined {
    const facts = space.path === "" ? space.pkg.exports.default : undefined;
    return facts && this.fromFacts(space.vendor, space.pkg, "default", facts);
  }

  private fromFacts(
    vendor: Vendor,
    pkg: PackageFacts,
    name: string,
    facts: ExportFacts,
  ): SdkExport | undefined {
    switch (facts.kind) {
      case "function":
        return { is: "call", vendor, pkg, name, facts };
      case "class":
        return { is: "class", cls: { vendor, pkg, name, facts } };
      case "object": {
        const cls = this.classNamed(vendor, pkg, facts.type);
        return cls && { is: "handle", cls };
      }
      case "factory": {
        const cls = this.classNamed(vendor, pkg, facts.returns);
        return cls && { is: "factory", cls };
      }
    }
  }

  /** `Class` of the same package, or `package#Class`. */
  classNamed(vendor: Vendor, pkg: PackageFacts, reference: string): SdkClass | undefined {
    const [specifier, name] = reference.includes("#")
      ? (reference.split("#") as [string, string])
      : [undefined, reference];
    const home = specifier === undefined ? { vendor, pkg } : this.package(specifier);
    const facts = home?.pkg.exports[name];
    if (home && facts?.kind === "class") return { ...home, name, facts };
    if (specifier !== undefined) return undefined;
    for (const other of vendor.packages) {
      const elsewhere = other.exports[name];
      if (elsewhere?.kind === "class") return { vendor, pkg: other, name, facts: elsewhere };
    }
    return undefined;
  }

  /** A member of a handle, looked for along `extends`. */
  member(cls: SdkClass, name: string): SdkMember | undefined {
    let current: SdkClass | undefined = cls;
    for (let depth = 0; current && depth < 8; depth++) {
      const facts: ClassFacts["members"][string] | undefined = Object.hasOwn(current.facts.members, name)
        ? current.facts.members[name]
        : undefined;
      if (facts && "role" in facts) return { is: "call", cls, name, facts };
      if (facts) {
        const type = this.classNamed(current.vendor, current.pkg, facts.type);
        return type && { is: facts.call ? "factory" : "handle", cls: type };
      }
      current = current.facts.extends
        ? this.classNamed(current.vendor, current.pkg, current.facts.extends)
        : undefined;
    }
    return undefined;
  }

  /** The call that a member's or function's own result is a handle of. */
  returned(vendor: Vendor, pkg: PackageFacts, facts: CallFacts): SdkClass | undefined {
    return facts.returns === undefined ? undefined : this.classNamed(vendor, pkg, facts.returns);
  }

  exitGlobal(path: string): ExitFacts | undefined {
    return this.exitGlobals.get(path);
  }

  exitExport(specifier: string, path: string): ExitFacts | undefined {
    return this.exitExports.get(`${specifier}#${path}`);
  }

  owners(specifier: string): OwnerFacts[] {
    return this.ownersByModule.get(specifier) ?? [];
  }
}
