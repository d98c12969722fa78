/** Keeps scans between runs, keyed by path, modification time and size. A cache that cannot be read or written is no error. */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { IsTelemetry } from "./scan.js";
import type { FileScan, ImportKind } from "./types.js";

/** Changes whenever the scan says something else about the same text. */
const version = 5;

const kinds: readonly ImportKind[] = ["static", "dynamic", "require", "reexport", "type"];

/** Modification time, size, flags (1 exits, 2 generated, 4 endings, 8 telemetry, 16 links), pairs of kind and specifier number, workers. */
type Row = [number, number, number, number[], string[]];

interface Stored {
  version: number;
  specifiers: string[];
  files: Record<string, Row>;
}

/** Files modified this shortly before they were read may change again within the clock's resolution. */
const tooFresh = 2000;

export class ScanCache {
  private readonly file: string | undefined;
  private readonly rows: Map<string, Row>;
  private readonly specifiers: string[] = [];
  private readonly numbers = new Map<string, number>();
  private dirty = false;

  constructor(
    root: string,
    dir: string | false | undefined,
    private readonly isTelemetry: IsTelemetry,
  ) {
    const folder = dir === false ? undefined : (dir ?? defaultFolder(root));
    const name = createHash("sha256").update(root).digest("hex").slice(0, 24);
    this.file = folder === undefined ? undefined : path.join(folder, `scans-${name}.json`);
    this.rows = this.load();
  }

  private load(): Map<string, Row> {
    if (this.file === undefined) return new Map();
    try {
      const stored = JSON.parse(readFileSync(this.file, "utf8")) as Stored;
      if (stored.version !== version || !Array.isArray(stored.specifiers)) return new Map();
      const rows = Object.entries(stored.files).filter(([, row]) => isRow(row, stored.specifiers.length));
      if (!stored.specifiers.every((specifier) => typeof specifier === "string")) return new Map();
      for (const specifier of stored.specifiers) this.numberOf(specifier);
      return this.specifiers.length === stored.specifiers.length ? new Map(rows) : new Map();
    } catch {
      return new Map();
    }
  }

  private numberOf(specifier: string): number {
    let number = this.numbers.get(specifier);
    if (number === undefined) {
      number = this.specifiers.push(specifier) - 1;
      this.numbers.set(specifier, number);
    }
    return number;
  }

  has(file: string): boolean {
    return this.rows.has(file);
  }

  get(file: string, mtimeMs: number, size: number): FileScan | undefined {
    const row = this.rows.get(file);
    if (row === undefined || row[0] !== mtimeMs || row[1] !== size) return undefined;
    const imports: FileScan["imports"] = [];
    const pairs = row[3];
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const kind = kinds[pairs[i] ?? -1];
      const specifier = this.specifiers[pairs[i + 1] ?? -1];
      if (kind === undefined || specifier === undefined) return undefined;
      imports.push({ kind, specifier });
    }
    return {
      imports,
      workers: row[4],
      // also what is only named in a lazy import
      telemetry: (row[2] & 8) !== 0 || imports.some(({ specifier }) => this.isTelemetry(specifier)),
      exits: (row[2] & 1) !== 0,
      generated: (row[2] & 2) !== 0,
      endings: (row[2] & 4) !== 0,
      links: (row[2] & 16) !== 0,
    };
  }

  put(file: string, mtimeMs: number, size: number, scan: FileScan): void {
    if (this.file === undefined) return;
    this.dirty = true;
    if (Date.now() - mtimeMs < tooFresh) {
      this.rows.delete(file);
      return;
    }
    const pairs: number[] = [];
    for (const { kind, specifier } of scan.imports) pairs.push(kinds.indexOf(kind), this.numberOf(specifier));
    this.rows.set(file, [
      mtimeMs,
      size,
      (scan.exits ? 1 : 0) |
        (scan.generated ? 2 : 0) |
        (scan.endings ? 4 : 0) |
        (scan.telemetry ? 8 : 0) |
        (scan.links ? 16 : 0),
      pairs,
      scan.workers,
    ]);
  }

  /** Writes the rows of these files, if anything changed: first beside the cache, then over it, so that no reader sees half of it. */
  save(files: readonly string[]): void {
    if (this.file === undefined || !this.dirty) return;
    const temporary = `${this.file}.${process.pid}.tmp`;
    try {
      mkdirSync(path.dirname(this.file), { recursive: true, mode: 0o700 });
      writeFileSync(temporary, JSON.stringify(this.stored(files)), { mode: 0o600, flag: "wx" });
      renameSync(temporary, this.file);
      this.dirty = false;
    } catch {
      removeQuietly(temporary);
    }
  }

  /** The rows of these files, with only the specifiers they use. */
  private stored(files: readonly string[]): Stored {
    const stored: Stored = { version, specifiers: [], files: {} };
    const renumbered = new Map<number, number>();
    for (const file of files) {
      const row = this.rows.get(file);
      if (row === undefined) continue;
      const pairs = row[3].map((value, at) => {
        if (at % 2 === 0) return value;
        let number = renumbered.get(value);
        if (number === undefined) {
          number = stored.specifiers.push(this.specifiers[value] ?? "") - 1;
          renumbered.set(value, number);
        }
        return number;
      });
      stored.files[file] = [row[0], row[1], row[2], pairs, row[4]];
    }
    return stored;
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was never there, or nobody may remove it: the cache is no one's business but ours.
  }
}

function isRow(row: unknown, specifiers: number): row is Row {
  if (!Array.isArray(row) || row.length !== 5) return false;
  const [mtimeMs, size, flags, pairs, workers] = row as unknown[];
  if (typeof mtimeMs !== "number" || typeof size !== "number" || typeof flags !== "number") return false;
  if (!Array.isArray(pairs) || !Array.isArray(workers) || !workers.every((name) => typeof name === "string"))
    return false;
  return (pairs as unknown[]).every(
    (value, at) =>
      Number.isInteger(value) &&
      (value as number) >= 0 &&
      (value as number) < (at % 2 === 0 ? kinds.length : specifiers),
  );
}

function isOwnFolder(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return (
    stats !== undefined &&
    stats.isDirectory() &&
    (process.getuid === undefined || stats.uid === process.getuid())
  );
}

/** Creates the folders below one of our own, each unless it is there; undefined as soon as one is a link or another user's. */
function ownFolder(base: string, ...names: string[]): string | undefined {
  let folder = base;
  for (const name of names) {
    if (!isOwnFolder(folder)) return undefined;
    folder = path.join(folder, name);
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder, { mode: 0o700 });
  }
  return isOwnFolder(folder) ? folder : undefined;
}

/**
 * Below node_modules when that is a folder of the project's own (a link could lead out of the root), else a folder in the
 * system's temporary folder that belongs to this user alone.
 */
function defaultFolder(root: string): string | undefined {
  try {
    const modules = path.join(root, "node_modules");
    if (isOwnFolder(modules)) return ownFolder(modules, ".cache", "telemetry-fix");
    const user = process.getuid?.() ?? os.userInfo().username;
    const temporary = path.join(os.tmpdir(), `telemetry-fix-${user}`);
    mkdirSync(temporary, { recursive: true, mode: 0o700 });
    return isOwnFolder(temporary) ? temporary : undefined;
  } catch {
    return undefined;
  }
}
