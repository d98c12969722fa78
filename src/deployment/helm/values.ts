import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import type { Span } from "../../syntax/ir.js";

/** Where a value is written: in a file of values, or in a template. */
export interface Origin {
  file: string;
  at: Span;
}

/** A value that a template is given. `unknown`: nobody knows it; `none`: it is not there. */
export type Value =
  | { k: "unknown" }
  | { k: "none" }
  | { k: "scalar"; value: string | number | boolean; origin: Origin | undefined; raw: string | undefined }
  | { k: "list"; items: Value[]; origin: Origin | undefined; raw: string | undefined }
  | { k: "map"; fields: Map<string, Value>; origin: Origin | undefined; raw: string | undefined };

export const unknown: Value = { k: "unknown" };
export const none: Value = { k: "none" };
export const scalar = (value: string | number | boolean, origin?: Origin): Value => ({
  k: "scalar",
  value,
  origin,
  raw: undefined,
});

const require = createRequire(import.meta.url);
const deepest = 40;
const longest = 300_000;

/** The values of a file; undefined where it cannot be read. */
export function valuesIn(file: string, text: string): Value | undefined {
  if (text.length > longest || (text.match(/(?:^|[\s[,{:-])\*[\w-]/g)?.length ?? 0) > 500) return undefined;
  const yaml = require("yaml") as typeof Yaml;
  try {
    const document = yaml.parseDocument(text, { logLevel: "silent", uniqueKeys: false });
    if (document.errors.length > 0) return undefined;
    if (document.contents === null) return { k: "map", fields: new Map(), origin: undefined, raw: undefined };
    const value = valueOf(document.contents, { file, text, document, yaml }, 0);
    return value.k === "map" ? value : undefined;
  } catch {
    return undefined;
  }
}

interface Source {
  file: string;
  text: string;
  document: Yaml.Document;
  yaml: typeof Yaml;
}

function valueOf(given: unknown, source: Source, depth: number): Value {
  const { yaml, document, text, file } = source;
  if (depth > deepest) return unknown;
  if (yaml.isAlias(given)) return valueOf(given.resolve(document), source, depth + 1);
  if (!yaml.isNode(given)) return none;
  const at: Span | undefined = given.range ? [given.range[0], given.range[1]] : undefined;
  const origin = at && { file, at };
  const written = at && text.slice(...at);
  // a text over several lines has another form in another place
  const raw = written !== undefined && !/[\n&*]/.test(written) ? written : undefined;
  if (yaml.isScalar(given)) {
    const { value } = given;
    if (value === null || value === undefined) return none;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return unknown;
    return typeof value === "string" && value.includes("{{") ? unknown : { k: "scalar", value, origin, raw };
  }
  if (yaml.isSeq(given))
    return { k: "list", items: given.items.map((item) => valueOf(item, source, depth + 1)), origin, raw };
  if (!yaml.isMap(given)) return unknown;
  const fields = new Map<string, Value>();
  for (const { key, value } of given.items) {
    if (!yaml.isScalar(key)) return unknown;
    // what is merged into it is seldom, and not followed
    if (key.value === "<<") return unknown;
    fields.set(String(key.value), valueOf(value, source, depth + 1));
  }
  return { k: "map", fields, origin, raw };
}

/** Values laid over others as Helm does it: mappings field by field, everything else as a whole, and null takes out. */
export function laidOver(base: Value, over: Value): Value {
  if (base.k !== "map" || over.k !== "map") return over;
  const fields = new Map(base.fields);
  for (const [name, value] of over.fields) fields.set(name, laidOver(fields.get(name) ?? none, value));
  return { k: "map", fields, origin: base.origin, raw: undefined };
}

/** What holds in each of several sets of values; where they differ nobody knows. */
export function common(all: readonly Value[]): Value {
  const [first, ...others] = all;
  if (!first || others.length === 0) return first ?? none;
  if (all.some((v) => v.k !== first.k)) return unknown;
  if (first.k === "scalar")
    return others.every((v) => v.k === "scalar" && v.value === first.value) ? first : unknown;
  if (first.k === "list")
    return others.every((v) => plainOf(v) !== undefined && plainOf(v) === plainOf(first)) ? first : unknown;
  if (first.k !== "map") return first;
  const names = new Set(all.flatMap((v) => (v.k === "map" ? [...v.fields.keys()] : [])));
  const fields = new Map([...names].map((name) => [name, common(all.map((v) => fieldIn(v, name)))] as const));
  return {
    k: "map",
    fields,
    origin: first.origin,
    raw: others.every((v) => v === first) ? first.raw : undefined,
  };
}

/** `.name` of a value. */
export function fieldIn(value: Value, name: string): Value {
  if (value.k === "map") return value.fields.get(name) ?? none;
  return value.k === "none" ? none : unknown;
}

/** A value as JSON; undefined where a part of it is not known. */
export function plainOf(value: Value): string | undefined {
  switch (value.k) {
    case "unknown":
      return undefined;
    case "none":
      return "null";
    case "scalar":
      return JSON.stringify(value.value);
    case "list": {
      const items = value.items.map(plainOf);
      return items.includes(undefined) ? undefined : `[${items.join()}]`;
    }
    case "map": {
      const fields = [...value.fields].map(([name, v]) => [JSON.stringify(name), plainOf(v)] as const);
      return fields.some(([, v]) => v === undefined)
        ? undefined
        : `{${fields.map((f) => f.join(":")).join()}}`;
    }
  }
}

/** Whether `if` takes it for true; undefined where nobody knows. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.k) {
    case "unknown":
      return undefined;
    case "none":
      return false;
    case "scalar":
      return Boolean(value.value);
    case "list":
      return value.items.length > 0;
    case "map":
      return value.fields.size > 0;
  }
}
