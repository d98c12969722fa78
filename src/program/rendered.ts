import type { Edit } from "../finding.js";
import type { Fn, Module, Span } from "../syntax/ir.js";

/** A part of a rendered text, and where it comes from. */
export interface RenderedPart {
  start: number;
  end: number;
  file: string;
  at: Span;
  /** It is written there in the same characters. */
  exact: boolean;
  /** It stands in the rendered text only once. */
  once: boolean;
}

/** A text that is made of a template and of values from other files. */
export interface RenderedText {
  text: string;
  segments: readonly RenderedPart[];
}

const known = new WeakMap<Module, RenderedText>();

/** Remembers that the offsets of a manifest are those of a rendered text. */
export function isRenderedFrom(fn: Fn, rendered: RenderedText): void {
  known.set(fn.module, rendered);
}

/** The text that the offsets of a place are of, where it is a rendered one. */
export const renderedTextOf = (module: Module): string | undefined => known.get(module)?.text;

/** Where something is written that was found in a rendered text: what a value brings is in the file of values. */
export function writtenAt(module: Module, [start, end]: Span): { file: string; at: Span } {
  const rendered = known.get(module);
  if (!rendered) return { file: module.file, at: [start, end] };
  const within = rendered.segments.filter((s) => s.start < Math.max(end, start + 1) && s.end > start);
  const first = within.find((s) => s.file !== module.file) ?? within[0];
  if (!first) return { file: module.file, at: [0, 0] };
  const last = within.findLast((s) => s.file === first.file) ?? first;
  const from = first.exact ? first.at[0] + Math.max(0, start - first.start) : first.at[0];
  const to = last.exact ? Math.min(last.at[1], last.at[0] + (end - last.start)) : last.at[1];
  return { file: first.file, at: [from, Math.max(from, to)] };
}

/** An edit of a rendered text as one of the file that the text comes from; undefined where there is no such place. */
export function writtenEdit(edit: Edit, template: string, { segments }: RenderedText): Edit | undefined {
  const { start, end, file } = edit;
  const holds = segments.filter((s) => s.start <= start && s.end >= end && s.exact && s.once);
  const own = start === end ? (holds.find((s) => s.file === file) ?? holds[0]) : holds[0];
  if (!own) return undefined;
  // the template has a place for the field already, which other values fill
  const field = start === end ? /^\s*([\w-]+):/.exec(edit.text)?.[1] : undefined;
  if (field !== undefined && new RegExp(`\\b${field}\\s*:`).test(template)) return undefined;
  if (own.file !== file && edit.text.includes("\n")) return undefined;
  const by = own.at[0] - own.start;
  return { ...edit, file: own.file, start: start + by, end: end + by };
}
