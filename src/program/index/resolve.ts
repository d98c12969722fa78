/** Answers which file of the project a specifier means, on the set of known files and the manifests alone. */
import { importMapIn, mapped, type ImportMap } from "./import-maps.js";
import type { Manifests } from "./manifests.js";
import { Packages, type Package } from "./packages.js";
import { ancestorsOf, dirOf, isTestPath, joinPath } from "./paths.js";
import { looksBuilt, Probe } from "./probe.js";
import { applyAlias, TsConfigs, type TsConfig } from "./tsconfigs.js";

/** What holds for all files of a folder (and of the folders below without manifests of their own). */
interface Scope {
  /** Nearest first. */
  configs: TsConfig[];
  maps: ImportMap[];
  package: Package | undefined;
  memo: Map<string, string | undefined>;
  /** Tests may import packages among their fixtures, which nobody else means. */
  testMemo: Map<string, string | undefined>;
}

const builtin = /^(?:node|bun|cloudflare|https?|data|jsr|file|virtual|astro|deno):/;
/** What people call their own sources, where no manifest of a fresh clone says it; SvelteKit writes the one of `$lib` itself. */
const guessedAlias = /^(?:[@~#]\/|\$(?=lib\/))/;
const sourceDirs = ["", "src", "app"];

export class Resolver {
  readonly probe: Probe;
  readonly packages: Packages;
  private readonly tsconfigs: TsConfigs;
  private readonly scopes = new Map<string, Scope>();
  private readonly configDirs = new Set<string>();

  /** What relative specifiers mean, by the folder in which they are written. */
  private readonly relatives = new Map<string, Map<string, string | undefined>>();

  constructor(
    files: ReadonlySet<string>,
    private readonly manifests: Manifests,
  ) {
    this.probe = new Probe(files);
    this.tsconfigs = new TsConfigs(manifests, (from, specifier) => {
      const named = this.packages.named(from, specifier);
      const target =
        named === undefined
          ? undefined
          : joinPath(named.found.dir, named.subpath === "" ? "tsconfig.json" : named.subpath);
      return target === undefined || target.endsWith(".json") ? target : `${target}.json`;
    });
    this.packages = new Packages(manifests, this.probe, (dir) => this.tsconfigs.in(dir));
    for (const file of manifests.files)
      if (file.endsWith(".json") || file.endsWith(".jsonc")) this.configDirs.add(dirOf(file));
  }

  /** The file that `specifier`, written in `from`, means; undefined for packages from outside and for what cannot be told. */
  resolve(from: string, specifier: string): string | undefined {
    const first = specifier.charCodeAt(0);
    if (first === 46) return this.relative(dirOf(from), specifier);
    if (builtin.test(specifier)) return undefined;
    const scope = this.scopeOf(dirOf(from));
    const memo = isTestPath(from) ? scope.testMemo : scope.memo;
    let found = memo.get(specifier);
    if (found === undefined && !memo.has(specifier)) {
      found = this.bare(from, scope, specifier);
      memo.set(specifier, found);
    }
    if (found !== undefined || !guessedAlias.test(specifier)) return found;
    return this.guess(dirOf(from), specifier.replace(guessedAlias, ""));
  }

  private relative(dir: string, specifier: string): string | undefined {
    let memo = this.relatives.get(dir);
    if (memo === undefined) this.relatives.set(dir, (memo = new Map()));
    let found = memo.get(specifier);
    if (found === undefined && !memo.has(specifier)) {
      found = this.path(dir, specifier);
      memo.set(specifier, found);
    }
    return found;
  }

  private path(dir: string, specifier: string): string | undefined {
    const query = specifier.indexOf("?");
    const plain = query < 0 ? specifier : specifier.slice(0, query);
    const path = joinPath(dir, plain);
    if (path === undefined) return undefined;
    // A trailing slash or dot names the folder, even where a file has the same name.
    const found = /(?:^|\/)\.{0,2}$/.test(plain)
      ? this.folder(path)
      : (this.probe.file(path) ?? this.folder(path));
    return found ?? this.outputOf(dir, path);
  }

  /** A folder as a module: the main file of its own package.json, else its index. */
  private folder(path: string): string | undefined {
    const pkg = path === "" ? undefined : this.packages.in(path);
    return (pkg === undefined ? undefined : this.packages.module(pkg, "")) ?? this.probe.index(path);
  }

  /** `../dist/x.js` written in `bin/cli.js`: the source it is built from. */
  private outputOf(dir: string, path: string): string | undefined {
    const pkg = this.scopeOf(dir).package;
    const base = pkg?.dir ?? "";
    const rest = base === "" ? path : path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
    return rest !== undefined && looksBuilt(rest) ? this.packages.source(base, rest) : undefined;
  }

  private bare(from: string, scope: Scope, specifier: string): string | undefined {
    for (const map of scope.maps) {
      const target = mapped(map, specifier);
      if (target === undefined) continue;
      if ("path" in target) return this.probe.any(target.path);
      return this.named(from, target.bare.replace(/^(?:jsr|npm):\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?/, "$1"));
    }
    return (
      (scope.configs[0] === undefined ? undefined : this.aliased(scope.configs[0], specifier, true)) ??
      (specifier.startsWith("#") ? this.internal(from, scope, specifier) : this.named(from, specifier)) ??
      this.outerAlias(scope, specifier)
    );
  }

  /** Aliases of configs further up count where nothing nearer explains the specifier; what catches everything does not. */
  private outerAlias(scope: Scope, specifier: string): string | undefined {
    for (const config of scope.configs) {
      if (config === scope.configs[0]) continue;
      const found = this.aliased(config, specifier, false);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private aliased(config: TsConfig, specifier: string, nearest: boolean): string | undefined {
    for (const alias of config.aliases) {
      if (!nearest && alias.before === "") continue;
      for (const target of applyAlias(alias, specifier) ?? []) {
        const found = this.probe.file(target) ?? this.folder(target) ?? this.outputOf(dirOf(target), target);
        if (found !== undefined) return found;
      }
    }
    const path = nearest && config.baseUrl !== undefined ? joinPath(config.baseUrl, specifier) : undefined;
    return path === undefined ? undefined : this.probe.any(path);
  }

  private internal(from: string, scope: Scope, specifier: string): string | undefined {
    const target = scope.package === undefined ? undefined : this.packages.internal(scope.package, specifier);
    if (target === undefined) return undefined;
    return "file" in target ? target.file : this.named(from, target.bare);
  }

  private named(from: string, specifier: string): string | undefined {
    const named = this.packages.named(from, specifier);
    return named === undefined ? undefined : this.packages.module(named.found, named.subpath);
  }

  /** `@/lib/x` without any config that explains it: the file that exists below a folder above the importer is the evidence. */
  private guess(dir: string, rest: string): string | undefined {
    for (const above of ancestorsOf(dir)) {
      for (const source of sourceDirs) {
        const path = joinPath(above, source === "" ? rest : `${source}/${rest}`);
        const found = path === undefined ? undefined : this.probe.any(path);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  private scopeOf(dir: string): Scope {
    const known = this.scopes.get(dir);
    if (known !== undefined) return known;
    const outer = dir === "" ? undefined : this.scopeOf(dirOf(dir));
    const scope = outer !== undefined && !this.configDirs.has(dir) ? outer : this.newScope(dir, outer);
    this.scopes.set(dir, scope);
    return scope;
  }

  private newScope(dir: string, outer: Scope | undefined): Scope {
    const config = this.tsconfigs.in(dir);
    const map = importMapIn(this.manifests, dir);
    return {
      configs: config === undefined ? (outer?.configs ?? []) : [config, ...(outer?.configs ?? [])],
      maps: map === undefined ? (outer?.maps ?? []) : [map, ...(outer?.maps ?? [])],
      package: this.packages.in(dir) ?? outer?.package,
      memo: new Map(),
      testMemo: new Map(),
    };
  }

  packageOf(file: string): Package | undefined {
    return this.scopeOf(dirOf(file)).package;
  }
}
