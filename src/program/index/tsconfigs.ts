/** What tsconfig.json and jsconfig.json say about where modules are: `paths`, `baseUrl`, `outDir`, `rootDir`, through `extends`. */
import { isObject, type JsonObject } from "./json.js";
import type { Manifests } from "./manifests.js";
import { dirOf, isInside, joinPath } from "./paths.js";

export interface PathAlias {
  /** `@/*` split at its star; without `after` the pattern has none. */
  before: string;
  after: string | undefined;
  /** Relative to the root, star kept. */
  targets: string[];
}

export interface TsConfig {
  aliases: PathAlias[];
  /** Folders, relative to the root. */
  baseUrl: string | undefined;
  outDir: string | undefined;
  rootDir: string | undefined;
  /** `files` and `include` as paths relative to the root, stars kept; undefined when the config has neither. */
  inputs: string[] | undefined;
}

/** Finds the JSON file of a package of the project: `@acme/tsconfig/base.json`. */
export type FindPackageFile = (from: string, specifier: string) => string | undefined;

const longestChain = 20;

export class TsConfigs {
  private readonly parsed = new Map<string, Partial<TsConfig>>();
  private readonly byFolder = new Map<string, TsConfig | undefined>();

  constructor(
    private readonly manifests: Manifests,
    private readonly findPackageFile: FindPackageFile,
  ) {}

  /** The config of a folder, if one lies right in it. One without aliases borrows those of the configs it references. */
  in(dir: string): TsConfig | undefined {
    if (this.byFolder.has(dir)) return this.byFolder.get(dir);
    const prefix = dir === "" ? "" : `${dir}/`;
    const file = ["tsconfig.json", "jsconfig.json", "tsconfig.base.json", "tsconfig.build.json"]
      .map((name) => prefix + name)
      .find((candidate) => this.manifests.has(candidate));
    const config = file === undefined ? undefined : this.withReferences(file, dir);
    this.byFolder.set(dir, config);
    return config;
  }

  private withReferences(file: string, dir: string): TsConfig {
    const own = this.load(file, dir, 0);
    const merged: TsConfig = {
      aliases: own.aliases ?? [],
      baseUrl: own.baseUrl,
      outDir: own.outDir,
      rootDir: own.rootDir,
      inputs: own.inputs,
    };
    const references = this.manifests.object(file)?.["references"];
    if (merged.aliases.length > 0 || !Array.isArray(references)) return merged;
    for (const reference of references as unknown[]) {
      const target =
        isObject(reference) && typeof reference["path"] === "string"
          ? joinPath(dir, reference["path"])
          : undefined;
      // References to other folders are other programs.
      if (target === undefined || !target.endsWith(".json") || dirOf(target) !== dir) continue;
      const other = this.load(target, dir, 0);
      merged.aliases = [...merged.aliases, ...(other.aliases ?? [])];
      merged.baseUrl ??= other.baseUrl;
      merged.outDir ??= other.outDir;
      merged.rootDir ??= other.rootDir;
      merged.inputs ??= other.inputs;
    }
    return merged;
  }

  /** `configDir` is the folder of the config that extends the others: `${configDir}` stands for it. */
  private load(file: string, configDir: string, depth: number): Partial<TsConfig> {
    const key = `${file}\0${configDir}`;
    const known = this.parsed.get(key);
    if (known !== undefined) return known;
    const result: Partial<TsConfig> = {};
    this.parsed.set(key, result);
    const json = this.manifests.foreignObject(file);
    if (json === undefined || depth > longestChain) return result;
    for (const parent of parentsOf(json)) {
      const target = this.locate(file, parent);
      if (target === undefined) continue;
      Object.assign(result, withoutUndefined(this.load(target, configDir, depth + 1)));
    }
    Object.assign(result, withoutUndefined(read(json, dirOf(file), configDir, result.baseUrl)));
    return result;
  }

  private locate(from: string, specifier: string): string | undefined {
    if (!specifier.startsWith(".")) return this.findPackageFile(from, specifier);
    const target = joinPath(dirOf(from), specifier);
    if (target === undefined) return undefined;
    return target.endsWith(".json") ? target : `${target}.json`;
  }
}

function parentsOf(json: JsonObject): string[] {
  const parents = json["extends"];
  const list: unknown[] = Array.isArray(parents) ? parents : [parents];
  return list.filter((parent): parent is string => typeof parent === "string" && parent !== "");
}

function withoutUndefined(config: Partial<TsConfig>): Partial<TsConfig> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

function read(
  json: JsonObject,
  dir: string,
  configDir: string,
  inheritedBase: string | undefined,
): Partial<TsConfig> {
  const options = isObject(json["compilerOptions"]) ? json["compilerOptions"] : {};
  const place = (value: unknown): string | undefined => {
    if (typeof value !== "string") return undefined;
    return value.startsWith("${configDir}")
      ? joinPath(configDir, `.${value.slice("${configDir}".length)}`)
      : joinPath(dir, value);
  };
  const baseUrl = place(options["baseUrl"]);
  return {
    baseUrl,
    outDir: place(options["outDir"]),
    rootDir: place(options["rootDir"]),
    inputs: inputsOf(json, place),
    aliases: isObject(options["paths"])
      ? aliasesOf(options["paths"], baseUrl ?? inheritedBase ?? dir, configDir)
      : undefined,
  };
}

function inputsOf(json: JsonObject, place: (value: unknown) => string | undefined): string[] | undefined {
  const lists = [json["files"], json["include"]].filter((list): list is unknown[] => Array.isArray(list));
  return lists.length === 0 ? undefined : lists.flat().flatMap((item) => place(item) ?? []);
}

/**
 * Folders that the compiler's output folder may mirror, likeliest first: `rootDir`, else the folder that all inputs share,
 * which is `src` unless one lies outside of it.
 */
export function mirroredFolders(config: TsConfig, dir: string): string[] {
  if (config.rootDir !== undefined) return [config.rootDir];
  const src = dir === "" ? "src" : `${dir}/src`;
  const code = config.inputs?.filter((input) => /\.[mc]?[jt]sx?$/.test(input) && !input.endsWith(".d.ts"));
  return code?.some((input) => !isInside(input, src)) === true ? [dir, src] : [src, dir];
}

function aliasesOf(paths: JsonObject, base: string, configDir: string): PathAlias[] {
  const aliases: PathAlias[] = [];
  for (const [pattern, list] of Object.entries(paths)) {
    if (!Array.isArray(list)) continue;
    const targets: string[] = [];
    for (const target of list as unknown[]) {
      if (typeof target !== "string") continue;
      const joined = target.startsWith("${configDir}")
        ? joinPath(configDir, `.${target.slice("${configDir}".length)}`)
        : joinPath(base, target);
      if (joined !== undefined) targets.push(joined);
    }
    const star = pattern.indexOf("*");
    aliases.push({
      before: star < 0 ? pattern : pattern.slice(0, star),
      after: star < 0 ? undefined : pattern.slice(star + 1),
      targets,
    });
  }
  // TypeScript takes an exact pattern first, then the longest text before the star.
  return aliases.sort(
    (a, b) =>
      Number(a.after !== undefined) - Number(b.after !== undefined) || b.before.length - a.before.length,
  );
}

/** The paths an alias makes of a specifier; undefined when it does not match. */
export function applyAlias(alias: PathAlias, specifier: string): string[] | undefined {
  if (alias.after === undefined) return specifier === alias.before ? alias.targets : undefined;
  if (specifier.length < alias.before.length + alias.after.length) return undefined;
  if (!specifier.startsWith(alias.before) || !specifier.endsWith(alias.after)) return undefined;
  const middle = specifier.slice(alias.before.length, specifier.length - alias.after.length);
  return alias.targets.map((target) => target.replace("*", () => middle));
}
