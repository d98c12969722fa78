import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { manifestPlace } from "../program/manifest-place.js";
import type { Project } from "../program/project.js";
import { isRenderedFrom } from "../program/rendered.js";
import type { Fn, Span } from "../syntax/ir.js";
import { renderedTemplate } from "./helm/charts.js";
import { isUnknownText, unknownText } from "./helm/unknown.js";

/** One document of a YAML file; one with a mistake in it is left out. */
export interface YamlDocument {
  file: string;
  text: string;
  /** Stands for the file as a whole. */
  fn: Fn;
  document: Yaml.Document;
  /** The mapping at its top. */
  top: Yaml.YAMLMap;
}

/** A field of a mapping: its value, aliases followed, and where key and value stand. */
export interface Field {
  value: Yaml.Node | null;
  at: Span;
  keyAt: Span;
}

/** Longer files are data. */
const longest = 300_000;
/** Each alias makes the parser look through the document for its anchor. */
const mostAliases = 500;
const alias = /(?:^|[\s[,{:-])\*[\w-]/g;
const deepestMerge = 8;

const require = createRequire(import.meta.url);
// few projects have such manifests: the parser is loaded only for them
const yaml = (): typeof Yaml => require("yaml") as typeof Yaml;

const known = new WeakMap<Project, Map<string, YamlDocument[]>>();

/**
 * The documents of a YAML file that are mappings. A template of a Helm chart gives those that its values make of it, with places of
 * the rendered text; other templates (`{{ }}`) give none, and neither do long files.
 * @param needs what the text must have, so that others are not parsed
 * @param workflow `${{ }}` of a workflow is a text as any other
 */
export function documentsOf(file: string, project: Project, needs: RegExp, workflow = false): YamlDocument[] {
  let files = known.get(project);
  if (!files) known.set(project, (files = new Map()));
  let found = files.get(file);
  if (!found) {
    const text = project.index.read(file);
    // a file that does not fit one question may fit another
    if (text === undefined || !needs.test(text)) return [];
    found = isTemplate(text, workflow)
      ? ofChart(file, project)
      : parse(file, text, manifestPlace(file, text));
    files.set(file, found);
  }
  return found;
}

const isTemplate = (text: string, workflow: boolean): boolean =>
  workflow ? /(?<!\$)\{\{/.test(text) : text.includes("{{");

function ofChart(file: string, project: Project): YamlDocument[] {
  const rendered = renderedTemplate(file, project);
  if (!rendered) return [];
  const fn = manifestPlace(file, rendered.text);
  isRenderedFrom(fn, rendered);
  return parse(file, rendered.text, fn);
}

function parse(file: string, text: string, fn: Fn): YamlDocument[] {
  if (text.length > longest) return [];
  if ((text.match(alias)?.length ?? 0) > mostAliases) return [];
  const { isMap, parseAllDocuments } = yaml();
  try {
    const documents = parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false });
    return ("empty" in documents ? [] : documents).flatMap((document): YamlDocument[] => {
      const top: unknown = document.contents;
      if (document.errors.length > 0 || !isMap(top)) return [];
      return [{ file, text, fn, document, top }];
    });
  } catch {
    return [];
  }
}

/** The one document that a text is, such as a file that stands in a ConfigMap; its places are those of the text. */
export function documentIn(text: string): YamlDocument | undefined {
  const [only, ...more] = parse("", text, manifestPlace("", text));
  return more.length === 0 ? only : undefined;
}

/** A field of a mapping, its own or one that is merged into it by `<<`. */
export function fieldOf(
  map: Yaml.Node | null | undefined,
  name: string,
  of: YamlDocument,
  depth = 0,
): Field | undefined {
  const { isMap, isScalar, isSeq } = yaml();
  if (!isMap(map) || depth > deepestMerge) return undefined;
  const keyed = (key: string): Yaml.Pair | undefined =>
    map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
  const own = keyed(name);
  if (own) return spanned(own, of);
  const merged = follow(keyed("<<")?.value, of);
  for (const from of isSeq(merged) ? merged.items : [merged]) {
    const found = fieldOf(follow(from, of), name, of, depth + 1);
    if (found) return found;
  }
  // a part that nobody knows may bring it
  const open = keyed(unknownText);
  return open && spanned(open, of);
}

/** A field that is there, or may be, with a value that a template does not show. */
export const isUnknown = (field: Field | undefined): boolean => {
  const { isScalar } = yaml();
  const value: unknown = isScalar(field?.value) ? field.value.value : undefined;
  return typeof value === "string" && isUnknownText(value);
};

/** A text with parts in it that nobody knows, such as an image without its tag; to be compared, not to be followed. */
export const partlyKnown = (field: Field | undefined): string | undefined => {
  const { isScalar } = yaml();
  const value: unknown = isScalar(field?.value) ? field.value.value : undefined;
  return typeof value === "string" ? value : undefined;
};

function spanned(pair: Yaml.Pair, of: YamlDocument): Field | undefined {
  const { isNode } = yaml();
  const key = isNode(pair.key) ? pair.key.range : undefined;
  if (!key) return undefined;
  const written = isNode(pair.value) ? pair.value.range?.[1] : undefined;
  const end = of.text.slice(0, Math.max(written ?? key[1], key[1])).trimEnd().length;
  return { value: follow(pair.value, of), at: [key[0], end], keyAt: [key[0], key[1]] };
}

/** What an alias stands for. */
export function follow(node: unknown, of: YamlDocument): Yaml.Node | null {
  const { isAlias, isNode } = yaml();
  if (!isNode(node)) return null;
  return isAlias(node) ? (node.resolve(of.document) ?? null) : node;
}

/** A field some levels down. */
export function fieldAt(
  map: Yaml.Node | null | undefined,
  path: readonly string[],
  of: YamlDocument,
): Field | undefined {
  let at = map;
  let found: Field | undefined;
  for (const name of path) {
    found = fieldOf(at, name, of);
    if (!found) return undefined;
    at = found.value;
  }
  return found;
}

/** The items of a list, aliases followed. */
export function itemsOf(field: Field | undefined, of: YamlDocument): (Yaml.Node | null)[] {
  const { isSeq } = yaml();
  return isSeq(field?.value) ? field.value.items.map((item) => follow(item, of)) : [];
}

/** A text, number or switch; undefined for anything else, and for what a template does not show. */
export function scalarOf(field: Field | undefined): string | number | boolean | undefined {
  const { isScalar } = yaml();
  const value: unknown = isScalar(field?.value) ? field.value.value : undefined;
  if (typeof value === "string") return isUnknownText(value) ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

export const textOf = (field: Field | undefined): string | undefined => {
  const value = scalarOf(field);
  return typeof value === "string" ? value : undefined;
};

/** A list of texts and numbers, or undefined when there is anything else in it. */
export function wordsOf(field: Field | undefined, of: YamlDocument): string[] | undefined {
  const { isScalar, isSeq } = yaml();
  if (!isSeq(field?.value)) return undefined;
  const words = itemsOf(field, of).map((item) => (isScalar(item) ? item.value : undefined));
  return words.every((word) => (typeof word === "string" ? !isUnknownText(word) : typeof word === "number"))
    ? words.map(String)
    : undefined;
}

/** The fields of a mapping by their names. */
export function entriesOf(map: Yaml.Node | null | undefined, of: YamlDocument): [string, Field][] {
  const { isMap, isScalar } = yaml();
  if (!isMap(map)) return [];
  return map.items.flatMap((pair): [string, Field][] => {
    const field = spanned(pair, of);
    return isScalar(pair.key) &&
      typeof pair.key.value === "string" &&
      field &&
      pair.key.value !== "<<" &&
      !isUnknownText(pair.key.value)
      ? [[pair.key.value, field]]
      : [];
  });
}
