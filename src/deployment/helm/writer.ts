import type { Span } from "../../syntax/ir.js";
import type { Printed } from "./evaluate.js";
import { blocksOf, unknownBlock, unknownText } from "./unknown.js";
import type { Origin, Value } from "./values.js";

/** A part of a rendered text, and where it comes from. */
export interface Segment {
  start: number;
  end: number;
  file: string;
  at: Span;
  /** It is written there in the same characters. */
  exact: boolean;
  /** It stands in the rendered text only once. */
  once: boolean;
}

/** A template with what could be told put into it. */
export interface Rendered {
  text: string;
  segments: Segment[];
}

interface Piece {
  text: string;
  origin: Origin;
  exact: boolean;
  once: boolean;
}

const longest = 300_000;

/** Writes a rendered text, and keeps where each part of it comes from. */
export class Writer {
  private readonly pieces: Piece[] = [];
  private length = 0;
  /** Greater than 0 in the body of a `range`. */
  loops = 0;

  put(text: string, origin: Origin, exact: boolean): void {
    if (text === "") return;
    this.length += text.length;
    if (this.length > longest) throw new RangeError("the text grows without end");
    this.pieces.push({ text, origin, exact, once: this.loops === 0 });
  }

  /** What has been written so far of the current line. */
  line(): string {
    let line = "";
    for (let i = this.pieces.length - 1; i >= 0; i--) {
      const text = this.pieces[i]?.text ?? "";
      const at = text.lastIndexOf("\n");
      line = text.slice(at + 1) + line;
      if (at >= 0) break;
    }
    return line;
  }

  all(): string {
    return this.pieces.map((p) => p.text).join("");
  }

  /** Writes what an action prints. `alone`: nothing follows in its line. */
  print(value: Printed, origin: Origin, alone: boolean): void {
    switch (value.k) {
      // what no file of values says is given when the chart is installed
      case "none":
      case "unknown":
        return this.unknown(alone, origin);
      case "scalar":
        return this.scalar(value, origin);
      case "quoted":
        if (/["\\\n]/.test(String(value.value.value)))
          return this.put(JSON.stringify(String(value.value.value)), value.value.origin ?? origin, false);
        this.put('"', origin, false);
        this.scalar(value.value, origin);
        return this.put('"', origin, false);
      case "yaml":
        return this.yaml(value.value, 0, origin);
      case "block":
        return this.block(value, origin);
      default:
        // printed without `toYaml`: the notation of Go
        return this.put(unknownText, origin, false);
    }
  }

  private unknown(alone: boolean, origin: Origin): void {
    const line = this.line();
    // it may well begin with a line of its own
    if (line.endsWith(unknownBlock)) return;
    if (alone && line.trim() === "") return this.put(unknownBlock, origin, false);
    this.put(/^\s*(- +)?["']?[\w./-]+["']?:$/.test(line) ? ` ${unknownText}` : unknownText, origin, false);
  }

  private block({ value, indent, newline }: Printed & { k: "block" }, origin: Origin): void {
    const isKnown = value.k !== "unknown" && value.k !== "none";
    if (newline) this.put("\n", origin, false);
    else if (!isKnown && this.line().trim() !== "") return this.unknown(true, origin);
    this.put(" ".repeat(indent), origin, false);
    if (!isKnown) this.put(unknownBlock, origin, false);
    else this.yaml(value, indent, origin);
  }

  /** A text or number as it is printed, without quotes. */
  private scalar({ value, origin, raw }: Value & { k: "scalar" }, at: Origin): void {
    const text = String(value);
    const skip = raw === text ? 0 : raw?.slice(1, -1) === text && /^["']/.test(raw) ? 1 : undefined;
    if (!origin) return this.put(text, at, false);
    if (skip === undefined) return this.put(text, origin, false);
    this.put(text, { file: origin.file, at: [origin.at[0] + skip, origin.at[1] - skip] }, true);
  }

  /** A value as YAML; its first line stands at the place that has been reached. */
  private yaml(value: Value, indent: number, at: Origin): void {
    switch (value.k) {
      case "unknown":
        return this.put(unknownText, at, false);
      case "none":
        return this.put("null", at, false);
      case "scalar":
      case "map":
      case "list":
        if (value.raw !== undefined && value.origin) return this.put(value.raw, value.origin, true);
    }
    const own = "origin" in value && value.origin ? value.origin : at;
    if (value.k === "scalar") return this.put(JSON.stringify(value.value), own, false);
    const margin = `\n${" ".repeat(indent)}`;
    if (value.k === "list") {
      if (value.items.length === 0) return this.put("[]", own, false);
      value.items.forEach((item, n) => {
        this.put(`${n === 0 ? "" : margin}- `, own, false);
        this.yaml(item, indent + 2, own);
      });
      return;
    }
    if (value.fields.size === 0) return this.put("{}", own, false);
    [...value.fields].forEach(([name, field], n) => {
      const key = /^[A-Za-z_][\w./-]*$/.test(name) ? name : JSON.stringify(name);
      this.put(
        `${n === 0 ? "" : margin}${key}:`,
        "origin" in field && field.origin ? field.origin : own,
        false,
      );
      const nested = (field.k === "map" || field.k === "list") && field.raw === undefined;
      this.put(nested && sizeOf(field) > 0 ? `${margin}  ` : " ", own, false);
      this.yaml(field, indent + 2, own);
    });
  }

  /** The whole text, with blocks that nobody knows written so that the rest stays YAML. */
  done(): Rendered {
    const blocks = blocksOf(this.all().split("\n"));
    let start = 0;
    let text = "";
    const segments = this.pieces.map(({ text: given, origin, exact, once }): Segment => {
      const written = given === unknownBlock ? (blocks.shift() ?? unknownText) : given;
      text += written;
      const segment = { start, end: start + written.length, file: origin.file, at: origin.at, exact, once };
      start = segment.end;
      return segment;
    });
    return { text, segments };
  }
}

const sizeOf = (value: Value): number =>
  value.k === "map" ? value.fields.size : value.k === "list" ? value.items.length : 0;
