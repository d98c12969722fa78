/** Turns what a command line starts into entries of the project. */
import type { Package } from "../packages.js";
import { ancestorsOf, baseOf, dirOf, joinPath } from "../paths.js";
import type { Entry, EntryReason } from "../types.js";
import { importsOfBareScript } from "./bare-scripts.js";
import { launchesOf, type Launch } from "./commands.js";
import type { EntryContext, EntryList } from "./context.js";
import { commandOfNodemon, preloadsOfNpmrc } from "./tool-settings.js";
import { sourceName } from "../../../syntax/source-names.js";

/** Where a command runs: folders of the project that its working directory may stand for, likeliest first. */
export interface Place {
  bases: readonly string[];
  reason: EntryReason;
  where: Entry["where"];
  /** Paths are those of a container: absolute ones may lie anywhere below a project folder. */
  container?: boolean;
}

const deepestScripts = 6;

export class Starter {
  constructor(
    private readonly context: EntryContext,
    private readonly list: EntryList,
  ) {}

  /** Adds the entries of some launches; tells whether any was found. */
  start(launches: readonly Launch[], place: Place, depth = 0): boolean {
    let any = false;
    for (const launch of launches) any = this.one(launch, place, depth) || any;
    return any;
  }

  private one(launch: Launch, place: Place, depth: number): boolean {
    const bases = this.moved(place, launch.cwd);
    if (launch.kind === "shell") return this.shell(launch, { ...place, bases }, depth);
    if (launch.kind === "script") return this.script(launch, { ...place, bases }, depth);
    const settings =
      launch.kind === "file" && launch.nodemon === true ? this.nodemon(launch.file, bases) : undefined;
    if (settings !== undefined && depth <= deepestScripts)
      return this.start(launchesOf(settings, launch.preloads), { ...place, bases }, depth + 1);
    const { preloads, packages } = this.preloads(launch.preloads, { ...place, bases });
    if (launch.kind === "framework") {
      for (const base of bases) {
        const pkg = this.context.resolver.packages.in(base);
        if (pkg === undefined) continue;
        if (preloads.length + packages.length > 0) this.addFrameworkPreloads(base, preloads, packages);
        return true;
      }
      return false;
    }
    const file = this.file(launch.file, { ...place, bases });
    if (file === undefined) {
      const imported = this.bareScript(launch.file, { ...place, bases });
      const last = imported.pop();
      if (last !== undefined) {
        this.list.add(last, place.reason, place.where, [...preloads, ...imported], packages);
        return true;
      }
      // What is preloaded runs, whatever follows.
      const [first, ...others] = [...preloads].reverse();
      if (first !== undefined) this.list.add(first, "preload", place.where, others.reverse(), packages);
      return first !== undefined;
    }
    this.list.add(file, place.reason, place.where, preloads, packages);
    return true;
  }

  private addFrameworkPreloads(
    dir: string,
    preloads: readonly string[],
    preloadPackages: readonly string[],
  ): void {
    const known = this.list.frameworkPreloads.get(dir) ?? { preloads: [], preloadPackages: [] };
    known.preloads.push(...preloads);
    known.preloadPackages.push(...preloadPackages);
    this.list.frameworkPreloads.set(dir, known);
  }

  private moved(place: Place, cwd: readonly string[]): readonly string[] {
    let bases = place.bases;
    for (const change of cwd) {
      bases = bases
        .map((base) => (change.startsWith("/") ? undefined : joinPath(base, change)))
        .filter((base) => base !== undefined);
    }
    return bases.length > 0 ? bases : place.bases;
  }

  /** What nodemon runs in place of Node. */
  private nodemon(file: string, bases: readonly string[]): string | undefined {
    for (const base of bases) {
      const command = commandOfNodemon(this.context, base, file);
      if (command !== undefined && !/\bnodemon\b/.test(command)) return command;
    }
    return undefined;
  }

  private shell(launch: Launch & { kind: "shell" }, place: Place, depth: number): boolean {
    if (depth > deepestScripts) return false;
    for (const path of this.paths(launch.file, place)) {
      if (!this.context.manifests.has(path)) continue;
      const text = this.context.manifests.text(path);
      if (text === undefined) continue;
      return this.start(
        launchesOf(text, launch.preloads),
        { ...place, bases: [...new Set([...place.bases, dirOf(path)])] },
        depth + 1,
      );
    }
    return false;
  }

  private script(launch: Launch & { kind: "script" }, place: Place, depth: number): boolean {
    if (depth > deepestScripts) return false;
    for (const pkg of this.scriptPackages(launch, place)) {
      const command = pkg.json?.scripts?.[launch.script];
      if (typeof command !== "string") continue;
      const bases = [pkg.dir];
      return this.start(
        launchesOf(command, [...preloadsOfNpmrc(this.context, pkg.dir), ...launch.preloads]),
        { ...place, bases, container: false },
        depth + 1,
      );
    }
    return false;
  }

  /** The packages whose scripts a launch may mean, likeliest first. */
  scriptPackages(launch: Launch & { kind: "script" }, place: Place): Package[] {
    const { packages } = this.context.resolver;
    const { workspace } = launch;
    if (workspace !== undefined) {
      const plain = workspace.replace(/^\.\.\.|\.\.\.$|^\{|\}$/g, "");
      const named = packages.all.filter(
        (pkg) =>
          pkg.name === plain || (plain !== "" && `/${pkg.dir}`.endsWith(`/${plain.replace(/^\.\//, "")}`)),
      );
      return named;
    }
    const found = place.bases.map(
      (base) => packages.in(base) ?? this.context.resolver.packageOf(base === "" ? "x" : `${base}/x`),
    );
    return [...new Set(found.filter((pkg) => pkg !== undefined))];
  }

  /** Every project path that a written path may mean. */
  paths(written: string, place: Place): string[] {
    const plain = written
      .replace(/^file:\/\//, "")
      .replace(/^\$\{?(?:PWD|INIT_CWD|APP_HOME|HOME|WORKDIR|LAMBDA_TASK_ROOT|GITHUB_WORKSPACE)\}?\//, "")
      .split("\\")
      .join("/");
    if (/^[A-Za-z]:\//.test(plain)) return [];
    const tails = [plain.replace(/^\/+/, "")];
    if (plain.startsWith("/")) {
      if (place.container !== true) return [];
      const parts = tails.join("/").split("/");
      for (let at = 1; at < parts.length; at++) tails.push(parts.slice(at).join("/"));
    }
    const paths: string[] = [];
    for (const tail of tails) {
      for (const base of place.bases) {
        const path = joinPath(base, tail);
        if (path !== undefined && !paths.includes(path)) paths.push(path);
      }
    }
    return paths;
  }

  /** The source that a written path means, itself or what it is built from. */
  file(written: string, place: Place): string | undefined {
    const { packages, probe } = this.context.resolver;
    for (const path of this.paths(written, place)) {
      const pkg = packages.in(path);
      const found = pkg === undefined || path === "" ? undefined : packages.module(pkg, "");
      if (found !== undefined) return found;
      const direct = path === "" ? undefined : probe.any(path);
      if (direct !== undefined) return direct;
    }
    for (const path of this.paths(written, place)) {
      if (path === "") continue;
      const built = this.built(path);
      if (built !== undefined) return built;
    }
    if (/^\.\/?$/.test(written)) {
      for (const base of place.bases) {
        const pkg = packages.in(base);
        if (pkg !== undefined) return packages.module(pkg, "");
      }
    }
    return undefined;
  }

  private bareScript(written: string, place: Place): string[] {
    for (const path of this.paths(written, place)) {
      const imported = importsOfBareScript(this.context, path);
      if (imported.length > 0) return imported;
    }
    return [];
  }

  /** The source of a path that may be built: asked of each package above it. */
  private built(path: string): string | undefined {
    const { packages } = this.context.resolver;
    for (const dir of ancestorsOf(dirOf(path))) {
      if (dir !== "" && packages.in(dir) === undefined) continue;
      const found = packages.source(dir, dir === "" ? path : path.slice(dir.length + 1));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Splits preloads as written into files of the project and packages. */
  preloads(written: readonly string[], place: Place): { preloads: string[]; packages: string[] } {
    const preloads: string[] = [];
    const packages: string[] = [];
    for (const specifier of written) {
      const isPath =
        /^(?:\.{1,2}(?:\/|$)|\/|file:|\$)/.test(specifier) ||
        (sourceName.test(specifier) && !specifier.startsWith("@"));
      const file = isPath ? this.file(specifier, place) : this.bare(specifier, place);
      if (file !== undefined) preloads.push(file);
      else if (!/^(?:\.{1,2}\/|\/|file:|data:|\$)/.test(specifier)) packages.push(specifier);
    }
    return { preloads, packages };
  }

  private bare(specifier: string, place: Place): string | undefined {
    for (const base of place.bases) {
      const found = this.context.resolver.resolve(
        base === "" ? "package.json" : `${base}/package.json`,
        specifier,
      );
      if (found !== undefined && baseOf(found) !== "") return found;
    }
    return undefined;
  }
}
