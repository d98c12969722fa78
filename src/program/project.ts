import { Lookup } from "../facts/lookup.js";
import type { Problem } from "../finding.js";
import { exits, owners, telemetrySpecifiers, vendors } from "../knowledge/index.js";
import type { Vendor } from "../knowledge/schema.js";
import type { Call, Expr, Module } from "../syntax/ir.js";
import { lower } from "../syntax/lower.js";
import { lineStarts, positionOf, SyntaxProblem, type Comment } from "../syntax/parse.js";
import type { Entry, ProjectIndex } from "./index/types.js";
import { alwaysIs } from "./constants.js";
import { Marks } from "./marks.js";
import { isProducerModule } from "./producers.js";
import { ProgramRun, type Run, type Surroundings } from "./program.js";
import { Values } from "./values.js";

/** A project opened for questions: its modules, read on demand, and the programs in it, run on demand. */
export class Project implements Surroundings {
  readonly lookup: Lookup;
  readonly values: Values;
  readonly marks: Marks;
  readonly problems: Problem[] = [];
  private readonly modules = new Map<string, Module | undefined>();
  private readonly comments = new Map<string, Comment[]>();
  private readonly starts = new Map<string, number[]>();
  private runsNow: Run[] | undefined;

  constructor(
    readonly index: ProjectIndex,
    extraVendors: Vendor[] = [],
  ) {
    this.lookup = new Lookup([...extraVendors, ...vendors], exits, owners);
    this.values = new Values(this.lookup, {
      module: (file) => this.module(file),
      resolve: (from, specifier) => index.resolve(from, specifier),
      declared: (from, specifier) => declaredIn(index, from, specifier),
    });
    this.marks = new Marks(this.values, this.lookup, {
      module: (file) => this.module(file),
      importers: (file) => [...index.importers(file)].filter((f) => !index.isTest(f)),
      mentions: (file, names) => this.mentions(file, names),
      resolve: (from, specifier) => index.resolve(from, specifier),
    });
  }

  /** A file in lowered form; undefined when it cannot be read or parsed (said once in `problems`). */
  module(file: string): Module | undefined {
    if (this.modules.has(file)) return this.modules.get(file);
    this.modules.set(file, undefined);
    const text = this.index.read(file);
    if (text === undefined) return undefined;
    try {
      const lowered = lower(file, text);
      this.modules.set(file, lowered.module);
      this.comments.set(file, lowered.comments);
      return lowered.module;
    } catch (error) {
      this.problems.push(problemOf(file, text, error));
      return undefined;
    }
  }

  always(test: Expr): boolean | undefined {
    return alwaysIs(test, this);
  }

  commentsOf(file: string): Comment[] {
    this.module(file);
    return this.comments.get(file) ?? [];
  }

  /** 1-based line and column of an offset in a file. */
  position(file: string, offset: number): { line: number; column: number } {
    let starts = this.starts.get(file);
    if (!starts) this.starts.set(file, (starts = lineStarts(this.index.read(file) ?? "")));
    return positionOf(starts, offset);
  }

  private mentions(file: string, names: Set<string>): boolean {
    if (this.modules.has(file) || names.has("default") || names.has("=")) return true;
    const text = this.index.read(file);
    if (text === undefined) return false;
    for (const name of names) if (text.includes(name)) return true;
    // a barrel hands names on without saying them
    return text.includes("export *") || text.includes("* as ");
  }

  /** Runs every program that both starts telemetry and can end or close it. Cached. */
  runs(): Run[] {
    this.runsNow ??= this.runAll();
    return this.runsNow;
  }

  private runAll(): Run[] {
    const { index } = this;
    const { telemetry, exits: exitFiles } = index.candidates();
    const real = (file: string): boolean => !index.isTest(file);
    const withTelemetry = telemetry.filter(real);
    const preloads = index.preloadPackages().some((p) => this.lookup.package(p)?.pkg.startsOnImport);
    if (withTelemetry.length === 0 && !preloads) return [];
    const groups = this.groups(new Set(withTelemetry), new Set(exitFiles.filter(real)), preloads);
    if (groups.length === 0) return [];
    const seeds = new Set<string>();
    for (const g of groups) for (const f of g.seeds) seeds.add(f);
    this.marks.mark([...seeds].sort(), (s) => this.lookup.package(s)?.pkg.startsOnImport === true);
    const programs = groups.map(
      (g) => new ProgramRun(this, g.entry, g.reach, this.crashCapture(g.seeds), g.entries),
    );
    const met = new Set<Call>();
    for (const program of programs) {
      program.run();
      for (const call of program.met()) met.add(call);
    }
    return programs
      .map((p) => p.finish(met))
      .filter((r) => r.started.size > 0 || r.hits.some((h) => h.kind === "flush" || h.kind === "capture"));
  }

  private crashCapture(files: string[]): boolean {
    return files.some((f) =>
      this.index.scan(f).imports.some((i) => this.lookup.package(i.specifier)?.vendor.capturesCrashes),
    );
  }

  /** Entries that reach telemetry, one for each set of files that matter to it. */
  private groups(telemetry: Set<string>, exitFiles: Set<string>, preloads: boolean): Group[] {
    const found = new Map<string, Group>();
    const candidates = new Set<Entry>();
    for (const file of telemetry) for (const entry of this.index.entriesOf(file)) candidates.add(entry);
    if (preloads)
      for (const entry of this.index.entries()) if (entry.preloadPackages.length > 0) candidates.add(entry);
    for (const entry of [...candidates].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))) {
      if (this.index.isTest(entry.file)) continue;
      const reach = this.reach(entry);
      const seeds = [...reach].filter((f) => telemetry.has(f) || exitFiles.has(f)).sort();
      const preloaded = entry.preloadPackages.some((p) => this.lookup.package(p)?.pkg.startsOnImport);
      if (!preloaded && !seeds.some((f) => telemetry.has(f))) continue;
      const endings = [...reach].filter((f) => this.endsOrServes(f)).sort();
      const key = [seeds.join("\n"), entry.preloadPackages.join(), endings.join("\n")].join("\0");
      const known = found.get(key);
      const entries = [...(known?.entries ?? []), entry];
      if (!known || rank(entry) < rank(known.entry)) found.set(key, { entry, reach, seeds, entries });
      else known.entries = entries;
    }
    return [...found.values()];
  }

  /** Programs that differ in such a file end, or live, in different ways. */
  private endsOrServes(file: string): boolean {
    const scan = this.index.scan(file);
    return scan.endings || scan.imports.some((i) => isProducerModule(i.specifier));
  }

  /** Every file that can be loaded by the entry. */
  reach(entry: Entry): Set<string> {
    const reached = new Set<string>();
    const work = [entry.file, ...entry.preloads];
    for (let file = work.pop(); file !== undefined; file = work.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      for (const edge of this.index.imports(file)) if (edge.kind !== "type") work.push(edge.file);
    }
    return reached;
  }
}

/** Entries that reach the same files of any matter; `entry` is the one that stands for all. */
interface Group {
  entry: Entry;
  entries: Entry[];
  reach: Set<string>;
  seeds: string[];
}

/** The range that the package around a file, or the one at the root, asks for. */
export function declaredIn(index: ProjectIndex, from: string, specifier: string): string | undefined {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  for (const json of [index.packageOf(from)?.json, index.packageOf("package.json")?.json]) {
    const range =
      json?.dependencies?.[name] ?? json?.devDependencies?.[name] ?? json?.peerDependencies?.[name];
    if (range !== undefined) return range;
  }
  return undefined;
}

const ORDER = [
  "bin",
  "dockerfile",
  "procfile",
  "unit",
  "pm2",
  "script",
  "main",
  "exports",
  "framework",
  "serverless",
  "worker",
  "root",
  "preload",
];
const rank = (entry: Entry): number => ORDER.indexOf(entry.reason);

function problemOf(file: string, text: string, error: unknown): Problem {
  if (error instanceof SyntaxProblem) {
    const { line, column } = positionOf(lineStarts(text), error.offset);
    return {
      kind: "unparsable",
      file,
      message: `${error.message} (line ${String(line)}, column ${String(column)})`,
    };
  }
  if (error instanceof RangeError)
    return { kind: "unparsable", file, message: "nested too deeply to be followed" };
  return { kind: "crash", file, message: error instanceof Error ? error.message : String(error) };
}

export { telemetrySpecifiers };
