/** What the finders of entries look at, and how they hand in what they found. */
import type { Graph } from "../graph.js";
import type { Manifests } from "../manifests.js";
import { dirOf, isTestPath } from "../paths.js";
import type { Resolver } from "../resolve.js";
import type { Entry, EntryReason, FileScan } from "../types.js";

export interface EntryContext {
  readonly sources: readonly string[];
  readonly manifests: Manifests;
  readonly resolver: Resolver;
  readonly graph: Graph;
  readonly scan: (file: string) => FileScan;
  readonly isTest: (file: string) => boolean;
  /** Text of a source or manifest. */
  readonly read: (file: string) => string | undefined;
}

/** Collects entries: one per file and set of preloads, the first reason given stays. */
export class EntryList {
  private readonly byKey = new Map<string, Entry>();
  readonly starts = new Set<string>();
  /** Preloads by the folder of a package whose framework is started with them. */
  readonly frameworkPreloads = new Map<string, { preloads: string[]; preloadPackages: string[] }>();

  add(
    file: string,
    reason: EntryReason,
    where: Entry["where"],
    preloads: readonly string[] = [],
    preloadPackages: readonly string[] = [],
  ): void {
    // Tests start in the runner of the tests; they are no programs.
    if (isTestPath(file)) return;
    const before = [...new Set(preloads)].filter((preload) => preload !== file);
    const packages = [...new Set(preloadPackages)];
    const key = [file, ...before, "", ...packages].join("\0");
    if (this.byKey.has(key)) return;
    this.byKey.set(key, { file, reason, preloads: before, preloadPackages: packages, where });
    this.starts.add(file);
    for (const preload of before) this.starts.add(preload);
  }

  /** Sorted by file; those of one file stay in the order in which they were found. */
  sorted(): Entry[] {
    return [...this.byKey.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  }
}

/** The 1-based line of the first place where a text has the token; undefined when it has none. */
export function lineOf(text: string | undefined, token: string): number | undefined {
  if (text === undefined) return undefined;
  const at = text.indexOf(token);
  return at < 0 ? undefined : text.slice(0, at).split("\n").length;
}

/** A place in a manifest, with the line when it is known. */
export function placeIn(file: string, line: number | undefined): Entry["where"] {
  return line === undefined ? { file } : { file, line };
}

/** The folder itself, the folder of its package and the root, each once. */
export function basesOf(context: EntryContext, dir: string): string[] {
  const pkg = context.resolver.packageOf(dir === "" ? "x" : `${dir}/x`);
  return [...new Set([dir, pkg?.dir ?? "", ""])];
}

export { dirOf };
