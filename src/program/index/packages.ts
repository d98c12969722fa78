/** The packages of a project, by folder and by name, and the modules each offers. */
import { isObject } from "./json.js";
import type { Manifests } from "./manifests.js";
import { baseOf, dirOf, isTestPath, joinPath, sharedDepth } from "./paths.js";
import { looksBuilt, sourceOfBuilt, type Probe } from "./probe.js";
import { conditionLeaves, exportTarget } from "./export-maps.js";
import { mirroredFolders, type TsConfig } from "./tsconfigs.js";
import type { PackageJson } from "./types.js";

export interface Package {
  /** Relative to the root. */
  dir: string;
  name: string | undefined;
  json: PackageJson | undefined;
}

const packageName = /^(?:@[^/]+\/)?[^/]+/;

export class Packages {
  readonly all: Package[] = [];
  private readonly byDir = new Map<string, Package>();
  private readonly byName = new Map<string, Package[]>();

  constructor(
    private readonly manifests: Manifests,
    private readonly probe: Probe,
    private readonly tsconfigIn: (dir: string) => TsConfig | undefined,
  ) {
    for (const file of manifests.files) {
      const base = baseOf(file);
      if (base === "package.json") this.add(dirOf(file), manifests.object(file) as PackageJson | undefined);
    }
    // A Deno package is a package where no package.json says so.
    for (const file of manifests.files) {
      const base = baseOf(file);
      if (base !== "deno.json" && base !== "deno.jsonc") continue;
      const json = manifests.object(file);
      if (json !== undefined && typeof json["name"] === "string" && !this.byDir.has(dirOf(file))) {
        this.add(dirOf(file), { name: json["name"], exports: json["exports"] });
      }
    }
  }

  private add(dir: string, json: PackageJson | undefined): void {
    const name = typeof json?.name === "string" && json.name !== "" ? json.name : undefined;
    const entry: Package = { dir, name, json };
    this.all.push(entry);
    this.byDir.set(dir, entry);
    if (name === undefined) return;
    const same = this.byName.get(name);
    if (same === undefined) this.byName.set(name, [entry]);
    else same.push(entry);
  }

  in(dir: string): Package | undefined {
    return this.byDir.get(dir);
  }

  /** The package that a bare specifier names, and what is asked of it (`""` or `/sub`). Of several, the nearest to `from`. */
  named(from: string, specifier: string): { found: Package; subpath: string } | undefined {
    const name = packageName.exec(specifier)?.[0];
    const same = name === undefined ? undefined : this.byName.get(name);
    if (name === undefined || same === undefined) return undefined;
    let found: Package | undefined;
    let depth = -1;
    for (const candidate of same) {
      // A package among the fixtures of a test is no one's dependency but the test's.
      if (isTestPath(`${candidate.dir}/`) && !isTestPath(from)) continue;
      const shared = sharedDepth(candidate.dir, from);
      if (shared > depth) {
        found = candidate;
        depth = shared;
      }
    }
    return found === undefined ? undefined : { found, subpath: specifier.slice(name.length) };
  }

  /**
   * The source behind a module of a package.
   * @param subpath `""` for the package itself, else with a leading slash
   */
  module(pkg: Package, subpath: string): string | undefined {
    const { json } = pkg;
    const exported = json?.exports === undefined ? undefined : exportTarget(json.exports, `.${subpath}`);
    if (exported !== undefined) {
      const found = this.firstSource(pkg.dir, exported);
      if (found !== undefined) return found;
    }
    if (subpath !== "")
      return (
        this.source(pkg.dir, subpath.slice(1)) ?? this.probe.any(joinPath(pkg.dir, `src${subpath}`) ?? "")
      );
    const mains = [json?.["source"], json?.module, json?.main].filter(
      (main): main is string => typeof main === "string",
    );
    return this.firstSource(pkg.dir, mains) ?? this.usualMain(pkg.dir);
  }

  /** The source behind `#name` in the `imports` of a package; a bare target is handed back for the caller to resolve. */
  internal(pkg: Package, specifier: string): { file: string } | { bare: string } | undefined {
    const imports = pkg.json?.imports;
    const targets = isObject(imports) ? exportTarget(imports, specifier) : undefined;
    if (targets === undefined) return undefined;
    const file = this.firstSource(
      pkg.dir,
      targets.filter((target) => target.startsWith(".")),
    );
    if (file !== undefined) return { file };
    const bare = targets.find((target) => !target.startsWith("."));
    return bare === undefined ? undefined : { bare };
  }

  /** The first of several targets that is there as written, else the first whose source is. */
  private firstSource(dir: string, targets: readonly string[]): string | undefined {
    for (const target of targets) {
      const path = joinPath(dir, target);
      if (path !== undefined && this.probe.has(path)) return path;
    }
    for (const target of targets) {
      const found = this.source(dir, target);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The source of a path that a manifest in `dir` names: the file itself, or what it is built from. */
  source(dir: string, target: string): string | undefined {
    const path = joinPath(dir, target);
    if (path === undefined) return undefined;
    const direct = path === dir ? undefined : this.probe.any(path);
    if (direct !== undefined) return direct;
    const config = this.tsconfigIn(dir);
    if (config?.outDir !== undefined && config.outDir !== dir && path.startsWith(`${config.outDir}/`)) {
      const rest = path.slice(config.outDir.length + 1);
      for (const folder of mirroredFolders(config, dir)) {
        const found = this.probe.any(joinPath(folder, rest) ?? "");
        if (found !== undefined) return found;
      }
    }
    return looksBuilt(target) ? sourceOfBuilt(this.probe, dir, target) : undefined;
  }

  /** Where the main module is when the manifest names none that exists. */
  private usualMain(dir: string): string | undefined {
    for (const place of ["src/index", "index", "src/main", "lib/index", "mod", "src/mod"]) {
      const found = this.probe.file(joinPath(dir, place) ?? "");
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Sources behind everything `exports` offers, patterns excluded, in order. */
  exportedFiles(pkg: Package): string[] {
    const exported = pkg.json?.exports;
    if (exported === undefined || exported === null) return [];
    const named = isObject(exported) && Object.keys(exported).some((key) => key.startsWith("."));
    const targets = named
      ? Object.entries(exported).filter(([key]) => !key.includes("*"))
      : [[".", exported] as const];
    const files = targets.map(([, target]) => this.firstSource(pkg.dir, conditionLeaves(target)));
    return [...new Set(files.filter((file) => file !== undefined))];
  }
}
