/** Reads manifests (package.json, tsconfig.json, Dockerfile, ...) once each and keeps what is wrong with them. */
import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../finding.js";
import { parseObject, type JsonObject } from "./json.js";
import { decodeText, loadBytes } from "./texts.js";

/** Manifests larger than this are read all the same, but no JSON outside the walk is. */
const largestForeign = 200_000;

function stampOf(absolute: string): string {
  const stats = statSync(absolute, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}

export class Manifests {
  private readonly known: Set<string>;
  private readonly objects = new Map<string, JsonObject | undefined>();
  private readonly stamps = new Map<string, string>();
  private latest: { file: string; text: string | undefined } | undefined;
  private realRoot: string | undefined;

  constructor(
    private readonly root: string,
    /** Manifests and shell scripts that the walk found. */
    readonly files: readonly string[],
    private readonly overlays: ReadonlyMap<string, string>,
    private readonly problem: (problem: Problem) => void,
  ) {
    this.known = new Set(files);
  }

  has(file: string): boolean {
    return this.known.has(file);
  }

  /** Text of a manifest that the walk found. */
  text(file: string): string | undefined {
    const overlaid = this.overlays.get(file);
    if (overlaid !== undefined) return overlaid;
    if (!this.known.has(file)) return undefined;
    if (this.latest?.file !== file) this.latest = { file, text: this.load(file) };
    return this.latest.text;
  }

  /** The same, unless it is longer than `limit` characters: then it is no such manifest, whatever its name. */
  shortText(file: string, limit: number): string | undefined {
    const text = this.text(file);
    return text !== undefined && text.length <= limit ? text : undefined;
  }

  private load(file: string): string | undefined {
    const loaded = loadBytes(`${this.root}/${file}`);
    this.stamps.set(file, "kind" in loaded ? "" : `${loaded.mtimeMs} ${loaded.size}`);
    if ("kind" in loaded) {
      this.problem({ ...loaded, file });
      return undefined;
    }
    const text = decodeText(loaded.bytes);
    if (text === undefined)
      this.problem({ kind: "config", file, message: "has NUL bytes, so it is no text" });
    return text;
  }

  /** Whether a manifest that was read has changed on disk since. */
  changed(): boolean {
    for (const [file, stamp] of this.stamps) if (stampOf(`${this.root}/${file}`) !== stamp) return true;
    return false;
  }

  /** A JSON manifest that the walk found, parsed once. */
  object(file: string): JsonObject | undefined {
    if (this.objects.has(file)) return this.objects.get(file);
    const text = this.text(file);
    return this.parsed(file, text);
  }

  /** A JSON file that another manifest names (`extends`, an import map): any file inside the root that is reached through no link. */
  foreignObject(file: string): JsonObject | undefined {
    if (this.known.has(file) || this.objects.has(file)) return this.object(file);
    return this.parsed(file, this.isSafe(file) ? this.load(file) : undefined);
  }

  /** Records that a manifest is not what it should be. */
  report(file: string, message: string): void {
    this.problem({ kind: "config", file, message });
  }

  private parsed(file: string, text: string | undefined): JsonObject | undefined {
    const value = text === undefined ? undefined : parseObject(text, (message) => this.report(file, message));
    this.objects.set(file, value);
    return value;
  }

  private isSafe(file: string): boolean {
    const absolute = path.join(this.root, file);
    try {
      const stats = statSync(absolute);
      if (!stats.isFile() || stats.size > largestForeign) return false;
      this.realRoot ??= realpathSync(this.root);
      return realpathSync(absolute) === path.join(this.realRoot, file);
    } catch {
      return false;
    }
  }
}
