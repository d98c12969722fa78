/** What the index of a project tells: its files, what they import, and where its programs start. */
import type { Problem } from "../../finding.js";
import type { CommandLines } from "./entries/command-lines.js";

/**
 * How one file names another: `static` (`import`), `dynamic` (`import("x")`), `require` (`require("x")`, `import x = require("x")`),
 * `reexport` (`export ... from`), `type` (erased at run time).
 */
export type ImportKind = "static" | "dynamic" | "require" | "reexport" | "type";

/** One mention of another module, as written. */
export interface ImportRef {
  specifier: string;
  kind: ImportKind;
}

/** What a text scan (no parse) says about one file; every field may say too much, none says too little. */
export interface FileScan {
  /** In source order. */
  imports: ImportRef[];
  /** Files started in a thread or process of their own: `new Worker("./x")`, `fork("./x")`. */
  workers: string[];
  /** An import names a telemetry package, be it for a type only. */
  telemetry: boolean;
  /** The text has a token that may end the process. */
  exits: boolean;
  /** The text has a token that may say what happens when the process ends. */
  endings: boolean;
  /** The text has a word without which there is no link of an interceptor chain in it. */
  links: boolean;
  /** Says of itself that it is generated, or looks minified. */
  generated: boolean;
}

export type EntryReason =
  | "bin"
  | "main"
  | "exports"
  | "script"
  | "dockerfile"
  | "procfile"
  | "unit"
  | "pm2"
  | "serverless"
  | "framework"
  | "preload"
  | "worker"
  | "root";

/** A file that something outside the import graph starts. */
export interface Entry {
  file: string;
  reason: EntryReason;
  /** Project files loaded before it, in order. */
  preloads: string[];
  /** Packages loaded before it, as written: `dd-trace/init`. */
  preloadPackages: string[];
  /** What names it: a package.json, a Dockerfile; the file itself for a root or a framework's file. `line` is 1-based. */
  where: { file: string; line?: number };
}

/** The fields of package.json that the index reads; a field of the wrong shape is simply ignored. */
export interface PackageJson {
  name?: string;
  version?: string;
  type?: string;
  main?: string;
  module?: string;
  source?: string;
  bin?: string | Record<string, string>;
  exports?: unknown;
  imports?: Record<string, unknown>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  [field: string]: unknown;
}

/** An import that ends at a file of the project. */
export interface ImportEdge {
  file: string;
  kind: ImportKind;
  specifier: string;
}

/** The package a file belongs to: its folder relative to the root (`""` for the root itself). */
export interface PackageOfFile {
  dir: string;
  json: PackageJson | undefined;
}

export interface ProjectIndex {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root, forward slashes, sorted; ts tsx mts cts js jsx mjs cjs, never `.d.ts`. */
  readonly sources: readonly string[];
  readonly problems: readonly Problem[];
  /** package.json and its like, Dockerfiles, compose files, shell scripts and YAML, by their names; none of it has been read for that. */
  readonly manifestFiles: readonly string[];
  /** Whether the path is one of `sources`. */
  has(file: string): boolean;
  /** Text without byte order mark; undefined when unreadable, binary or over 2 MB (recorded once in `problems`). */
  read(file: string): string | undefined;
  scan(file: string): FileScan;
  /** What command lines of manifests mean. */
  readonly commandLines: CommandLines;
  /** Scans every source once and names those that can matter. Cheapest first question to ask. */
  candidates(): { telemetry: string[]; exits: string[] };
  /** The project file a specifier means, undefined for packages and for what cannot be told. */
  resolve(from: string, specifier: string): string | undefined;
  /** Resolved edges to files of the project, in source order. */
  imports(file: string): readonly ImportEdge[];
  /** Files that import this one, other than for types only; sorted. */
  importers(file: string): readonly string[];
  /** All entries, sorted by file; one per file and set of preloads. */
  entries(): readonly Entry[];
  /** Every package that some entry preloads; needs no source to be read, unlike `entries`. */
  preloadPackages(): readonly string[];
  /** Entries from which the file is reachable at run time, by themselves or through their preloads. */
  entriesOf(file: string): readonly Entry[];
  /**
   * Files in the order in which they are evaluated when the entry starts: preloads, then depth-first post-order of
   * static imports, re-exports and requires. Dynamic imports are left out.
   */
  evaluationOrder(entry: Entry): readonly string[];
  isTest(file: string): boolean;
  packageOf(file: string): PackageOfFile | undefined;
  /** Replaces the text of one file (an editor's buffer); undefined goes back to the disk. */
  overlay(file: string, text: string | undefined): void;
  /**
   * Takes in what changed on disk since the last look: about 20 ms for a thousand files.
   * @param unlessWithin does nothing when the last look is not this many milliseconds ago; 0 by default
   */
  refresh(unlessWithin?: number): boolean;
  /** Writes the scans to the disk cache, if there is one; never throws. */
  save(): void;
}

export interface ProjectOptions {
  /** Folders and files (relative to the root) to look at; all of the root by default. Manifests of their parents are still read. */
  only?: string[];
  /** Module specifiers of telemetry packages; a trailing `/*` also covers everything below. */
  telemetrySpecifiers?: readonly string[];
  /** Folder for the cache of scans; `false` for none. Default: below the project's node_modules, else the system's temporary folder. */
  cacheDir?: string | false;
}
