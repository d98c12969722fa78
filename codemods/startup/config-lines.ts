import type { Field } from "../../src/deployment/documents.js";

/** An insertion into the configuration: whole lines in front of an offset, or a piece of one. */
export interface Piece {
  start: number;
  end: number;
  text: string;
}

export const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

/** A mapping in lines of its own, and the blanks in front of its fields. */
export function blockOf(field: Field | undefined, text: string): { at: number; indent: string } | undefined {
  const first = field?.value?.range?.[0];
  if (!field || first === undefined || first <= field.keyAt[1]) return undefined;
  const start = lineStart(text, first);
  const indent = text.slice(start, first);
  // right below its name, in front of comments that belong to what follows
  const at = text.indexOf("\n", field.keyAt[1]) + 1;
  return start > field.keyAt[1] && /^ +$/.test(indent) ? { at, indent } : undefined;
}

/** A line for a mapping that may be empty, below its name. */
export function lineInside(declared: Field, text: string, step: string, line: string): Piece[] | undefined {
  const indent = text.slice(lineStart(text, declared.keyAt[0]), declared.keyAt[0]);
  if (!/^ +$/.test(indent)) return undefined;
  const block = blockOf(declared, text);
  if (block) return [inserted(block.at, `${block.indent}${line}\n`)];
  const own = /^[^\n]*/.exec(text.slice(declared.keyAt[0]))?.[0] ?? "";
  const behind = /^([\w/]+:)([ \t]*\{\s*\})?[ \t]*(#.*)?$/.exec(own);
  if (!behind) return undefined;
  const key = declared.keyAt[0] + (behind[1] ?? "").length;
  const end = declared.keyAt[0] + own.length;
  return [
    ...(behind[2] ? [{ start: key, end: key + behind[2].length, text: "" }] : []),
    inserted(end, `\n${indent}${step}${line}`),
  ];
}

export const inserted = (at: number, text: string): Piece => ({ start: at, end: at, text });
