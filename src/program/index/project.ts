/** Opens the index of a project and keeps its parts consistent when files change. */
import path from "node:path";
import type { Problem } from "../../finding.js";
import { Entries } from "./entries.js";
import { CommandLines } from "./entries/command-lines.js";
import type { EntryContext } from "./entries/context.js";
import { Graph } from "./graph.js";
import { Manifests } from "./manifests.js";
import { isSourceName, isTestPath } from "./paths.js";
import { Resolver } from "./resolve.js";
import { Scans } from "./scans.js";
import type { Entry, FileScan, ImportEdge, PackageOfFile, ProjectIndex, ProjectOptions } from "./types.js";
import { walkProject, type Tree } from "./walk.js";

class Project implements ProjectIndex {
  sources: string[] = [];
  readonly problems: Problem[] = [];
  private readonly told = new Set<string>();
  private readonly overlays = new Map<string, string>();
  private readonly scans: Scans;
  private files = new Set<string>();
  private tree: Tree;
  private manifestsNow: Manifests | undefined;
  private resolverNow: Resolver | undefined;
  private graphNow: Graph | undefined;
  private entriesNow: Entries | undefined;
  private readonly tests = new Map<string, boolean>();
  private lookedAt = 0;
  private startsNow: Map<string, Entry[]> | undefined;
  private readonly reached = new Map<string, readonly Entry[]>();
  private readonly orders = new Map<Entry, readonly string[]>();

  constructor(
    readonly root: string,
    private readonly options: ProjectOptions,
  ) {
    this.scans = new Scans(
      root,
      options.telemetrySpecifiers ?? [],
      options.cacheDir,
      this.overlays,
      (problem) => this.tell(problem),
    );
    this.tree = this.walk();
  }

  private walk(): Tree {
    const tree = walkProject(this.root, this.options.only);
    this.lookedAt = performance.now();
    for (const problem of tree.problems) this.tell(problem);
    this.tree = tree;
    this.listSources();
    return tree;
  }

  /** Sources on disk and in editors. */
  private listSources(): void {
    this.files = new Set(this.tree.sources);
    let added = false;
    for (const file of this.overlays.keys()) {
      if (!this.files.has(file) && isSourceName(file)) {
        this.files.add(file);
        added = true;
      }
    }
    this.sources = added ? [...this.files].sort() : this.tree.sources;
  }

  private tell(problem: Problem): void {
    const key = `${problem.kind}\0${problem.file}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.problems.push(problem);
  }

  private get manifests(): Manifests {
    this.manifestsNow ??= new Manifests(
      this.root,
      [...this.tree.manifests, ...this.tree.scripts, ...this.tree.documents],
      this.overlays,
      (problem) => this.tell(problem),
    );
    return this.manifestsNow;
  }

  private get resolver(): Resolver {
    this.resolverNow ??= new Resolver(this.files, this.manifests);
    return this.resolverNow;
  }

  private get graph(): Graph {
    this.graphNow ??= new Graph(
      () => this.sources,
      (file) => this.scan(file),
      this.resolver,
    );
    return this.graphNow;
  }

  get manifestFiles(): readonly string[] {
    return this.manifests.files;
  }

  has(file: string): boolean {
    return this.files.has(file);
  }

  read(file: string): string | undefined {
    if (!this.files.has(file)) return this.manifests.text(file);
    return this.scans.read(file);
  }

  scan(file: string): FileScan {
    return this.scans.of(file);
  }

  candidates(): { telemetry: string[]; exits: string[] } {
    const telemetry: string[] = [];
    const exits: string[] = [];
    for (const file of this.sources) {
      const scan = this.scans.of(file);
      if (scan.telemetry) telemetry.push(file);
      if (scan.exits) exits.push(file);
    }
    return { telemetry, exits };
  }

  resolve(from: string, specifier: string): string | undefined {
    return this.resolver.resolve(from, specifier);
  }

  imports(file: string): readonly ImportEdge[] {
    return this.graph.imports(file);
  }

  importers(file: string): readonly string[] {
    return this.graph.importers(file);
  }

  private get starts(): Entries {
    this.entriesNow ??= new Entries(this.entryContext());
    return this.entriesNow;
  }

  private entryContext(): EntryContext {
    return {
      sources: this.sources,
      manifests: this.manifests,
      resolver: this.resolver,
      graph: this.graph,
      scan: (file) => this.scan(file),
      read: (file) => this.read(file),
      isTest: (file) => this.isTest(file),
    };
  }

  get commandLines(): CommandLines {
    return new CommandLines(this.entryContext());
  }

  entries(): readonly Entry[] {
    return this.starts.sorted();
  }

  preloadPackages(): readonly string[] {
    return this.starts.preloadPackages();
  }

  entriesOf(file: string): readonly Entry[] {
    let found = this.reached.get(file);
    if (found === undefined) {
      this.startsNow ??= startsOf(this.entries());
      const entries = new Set<Entry>();
      for (const ancestor of this.graph.ancestors(file))
        for (const entry of this.startsNow.get(ancestor) ?? []) entries.add(entry);
      found = [...entries].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
      this.reached.set(file, found);
    }
    return found;
  }

  evaluationOrder(entry: Entry): readonly string[] {
    let order = this.orders.get(entry);
    if (order === undefined) {
      order = this.graph.evaluationOrder(entry);
      this.orders.set(entry, order);
    }
    return order;
  }

  isTest(file: string): boolean {
    let known = this.tests.get(file);
    if (known === undefined) {
      known = isTestPath(file);
      this.tests.set(file, known);
    }
    return known;
  }

  packageOf(file: string): PackageOfFile | undefined {
    const found = this.resolver.packageOf(file);
    return found === undefined ? undefined : { dir: found.dir, json: found.json };
  }

  overlay(file: string, text: string | undefined): void {
    const before = this.overlays.get(file);
    if (before === text) return;
    const plain = text !== undefined && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    if (plain === undefined) this.overlays.delete(file);
    else this.overlays.set(file, plain);
    if (!this.files.has(file) || (plain === undefined && !this.tree.sources.includes(file))) {
      this.listSources();
      this.scans.forget(file);
      this.forgetStructure();
      return;
    }
    const old = this.scans.of(file);
    this.scans.forget(file);
    if (!sameEdges(old, this.scans.of(file))) {
      this.graphNow?.forget(file);
      this.forgetPrograms();
    }
  }

  refresh(unlessWithin = 0): boolean {
    if (performance.now() - this.lookedAt < unlessWithin) return false;
    const before = this.tree;
    this.walk();
    const changed = this.scans.forgetChanged();
    if (
      !sameList(before.sources, this.tree.sources) ||
      !sameList(before.manifests, this.tree.manifests) ||
      !sameList(before.documents, this.tree.documents) ||
      this.manifestsNow?.changed() === true
    ) {
      this.forgetStructure();
      return true;
    }
    if (changed) {
      this.graphNow = undefined;
      this.forgetPrograms();
    }
    return changed;
  }

  private forgetStructure(): void {
    this.manifestsNow = undefined;
    this.resolverNow = undefined;
    this.graphNow = undefined;
    this.forgetPrograms();
  }

  private forgetPrograms(): void {
    this.entriesNow = undefined;
    this.startsNow = undefined;
    this.reached.clear();
    this.orders.clear();
  }

  save(): void {
    this.scans.save(this.sources);
  }
}

/** Entries by each file they begin with, preloads included. */
function startsOf(entries: readonly Entry[]): Map<string, Entry[]> {
  const starts = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const file of new Set([...entry.preloads, entry.file])) {
      const list = starts.get(file);
      if (list === undefined) starts.set(file, [entry]);
      else list.push(entry);
    }
  }
  return starts;
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at]);
}

function sameEdges(left: FileScan, right: FileScan): boolean {
  return (
    left.imports.length === right.imports.length &&
    left.imports.every(
      ({ specifier, kind }, at) =>
        specifier === right.imports[at]?.specifier && kind === right.imports[at]?.kind,
    ) &&
    sameList(left.workers, right.workers)
  );
}

/**
 * Opens the index of the project in a folder: lists its files, and nothing more until it is asked.
 * Never throws: a folder that cannot be read is a problem of the index.
 * @param root absolute, or relative to the working directory
 */
export function openProject(root: string, options: ProjectOptions = {}): ProjectIndex {
  return new Project(path.resolve(root), options);
}
