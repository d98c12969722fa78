/** The scan of every file, read from disk, from an editor's buffer or from the cache. */
import { statSync } from "node:fs";
import type { Problem } from "../../finding.js";
import { ScanCache } from "./cache.js";
import { emptyScan, scanText, telemetryLookup, type IsTelemetry } from "./scan.js";
import { TextMemory } from "./text-memory.js";
import { asScanText, binary, decodeText, isPlain, loadBytes } from "./texts.js";
import type { FileScan } from "./types.js";

interface Stamped {
  scan: FileScan;
  size: number;
  mtimeMs: number;
}

export class Scans {
  private readonly known = new Map<string, Stamped>();
  private readonly texts = new TextMemory();
  private readonly isTelemetry: IsTelemetry;
  private readonly cache: ScanCache;

  constructor(
    private readonly root: string,
    telemetrySpecifiers: readonly string[],
    cacheDir: string | false | undefined,
    private readonly overlays: ReadonlyMap<string, string>,
    private readonly problem: (problem: Problem) => void,
  ) {
    this.isTelemetry = telemetryLookup(telemetrySpecifiers);
    this.cache = new ScanCache(root, cacheDir, this.isTelemetry);
  }

  read(file: string): string | undefined {
    const overlaid = this.overlays.get(file);
    if (overlaid !== undefined) return overlaid;
    const kept = this.texts.get(file);
    if (kept !== undefined) return kept;
    const loaded = loadBytes(`${this.root}/${file}`);
    if ("kind" in loaded) {
      this.problem({ ...loaded, file });
      return undefined;
    }
    const text = decodeText(loaded.bytes);
    if (text === undefined) this.problem({ ...binary, file });
    else this.texts.keep(file, text);
    return text;
  }

  of(file: string): FileScan {
    const known = this.known.get(file);
    if (known !== undefined) return known.scan;
    const stamped = this.fromOverlay(file) ?? this.fromCache(file) ?? this.fromDisk(file);
    this.known.set(file, stamped);
    return stamped.scan;
  }

  private fromOverlay(file: string): Stamped | undefined {
    const text = this.overlays.get(file);
    return text === undefined
      ? undefined
      : { scan: scanText(text, false, this.isTelemetry), size: -1, mtimeMs: -1 };
  }

  private fromCache(file: string): Stamped | undefined {
    if (!this.cache.has(file)) return undefined;
    const stats = statSync(`${this.root}/${file}`, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const scan = this.cache.get(file, stats.mtimeMs, stats.size);
    return scan === undefined ? undefined : { scan, size: stats.size, mtimeMs: stats.mtimeMs };
  }

  private fromDisk(file: string): Stamped {
    const loaded = loadBytes(`${this.root}/${file}`);
    if ("kind" in loaded) {
      this.problem({ ...loaded, file });
      return { scan: emptyScan, size: -1, mtimeMs: -1 };
    }
    const { size, mtimeMs } = loaded;
    const scannable = asScanText(loaded.bytes);
    if (scannable === undefined) {
      this.problem({ ...binary, file });
      return { scan: emptyScan, size, mtimeMs };
    }
    const scan = scanText(scannable.text, scannable.latin, this.isTelemetry);
    this.cache.put(file, mtimeMs, size, scan);
    if (scannable.latin && isPlain(loaded.bytes)) this.texts.keep(file, scannable.text);
    return { scan, size, mtimeMs };
  }

  /** Forgets the scan of a file; it is made again when it is asked for. */
  forget(file: string): void {
    this.known.delete(file);
    this.texts.forget(file);
  }

  /** Forgets the scans of files that changed on disk since they were scanned, and tells whether there were any. */
  forgetChanged(): boolean {
    let any = false;
    this.texts.clear();
    for (const [file, { size, mtimeMs }] of this.known) {
      if (this.overlays.has(file)) continue;
      const stats = statSync(`${this.root}/${file}`, { throwIfNoEntry: false });
      if (stats !== undefined && stats.size === size && stats.mtimeMs === mtimeMs) continue;
      this.known.delete(file);
      any = true;
    }
    return any;
  }

  save(files: readonly string[]): void {
    this.cache.save(files);
  }
}
