import type { Edit } from "../../finding.js";

/** A half-open range of offsets. */
export interface Range {
  start: number;
  end: number;
}

/** Order of application: by start, insertions before the replacement that starts at the same offset. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * The text after all edits of one file.
 * @param edits without overlaps, in any order
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const edit of inOrder(edits)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** True when an edit lies outside the text, or two edits of the list touch the same characters. */
export function areBroken(edits: readonly Edit[], length: number): boolean {
  let end = 0;
  for (const edit of inOrder(edits)) {
    if (edit.start < end || edit.end < edit.start || edit.end > length) return true;
    end = edit.end;
  }
  return false;
}

/** Same characters replaced by the same text: two repairs that need the same import share it. */
export function isSameEdit(a: Edit, b: Edit): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;
}

/** True when the edits of two repairs touch, even only at their ends: their order would be a guess. */
export function collide(a: Edit, b: Edit): boolean {
  return a.file === b.file && a.start <= b.end && b.start <= a.end;
}

/** Where a range of the old text lies in the new text; an edit that touches it counts with its whole replacement. */
export function mapRange(range: Range, edits: readonly Edit[]): Range {
  return { start: mapStart(range.start, edits), end: mapEnd(range.end, edits) };
}

function mapStart(offset: number, edits: readonly Edit[]): number {
  let shift = 0;
  for (const edit of inOrder(edits)) {
    if (edit.start > offset) break;
    if (edit.end >= offset) return edit.start + shift;
    shift += growth(edit);
  }
  return offset + shift;
}

function mapEnd(offset: number, edits: readonly Edit[]): number {
  let shift = 0;
  let touched: number | undefined;
  for (const edit of inOrder(edits)) {
    if (edit.start > offset) break;
    shift += growth(edit);
    touched = edit.end >= offset ? edit.end + shift : undefined;
  }
  return touched ?? offset + shift;
}

function growth(edit: Edit): number {
  return edit.text.length - (edit.end - edit.start);
}
