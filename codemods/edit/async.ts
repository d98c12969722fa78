import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, type Source } from "./source.js";

/**
 * The edits that make a function async: the keyword, and `Promise<...>` around an annotated `void` or `never`.
 * Undefined where that cannot be: generators, accessors, constructors, annotations of another kind.
 */
export function asyncEdits(source: Source, fn: Node): Edit[] | undefined {
  if (fn.async === true) return [];
  if (fn.generator === true) return undefined;
  const at = keywordPlace(source, fn);
  if (at === undefined) return undefined;
  const edits = [source.insert(at, "async ")];
  const returned = child(child(fn, "returnType"), "typeAnnotation");
  if (!returned) return hasNeverType(source, fn) ? undefined : edits;
  const text = source.textOf(returned);
  if (/^Promise(Like)?<|^(any|unknown)$/.test(text)) return edits;
  if (!/^(void|never|undefined)$/.test(text)) return undefined;
  return [...edits, source.replace(returned.start, returned.end, `Promise<${text}>`)];
}

/** `const f: (m: string) => never = ...` cannot be async. */
function hasNeverType(source: Source, fn: Node): boolean {
  const holder = source.parentOf(fn);
  const typed = child(child(holder, "id"), "typeAnnotation") ?? child(holder, "typeAnnotation");
  return typed !== undefined && /\bnever\b/.test(source.textOf(typed));
}

function keywordPlace(source: Source, fn: Node): number | undefined {
  const holder = source.parentOf(fn);
  const isMethod =
    holder !== undefined &&
    child(holder, "value") === fn &&
    (holder.type === "MethodDefinition" ||
      (holder.type === "Property" && holder.method === true) ||
      isAccessor(holder));
  if (!isMethod) return fn.start;
  if (isAccessor(holder) || holder.kind === "constructor" || holder.computed === true) return undefined;
  return child(holder, "key")?.start;
}

const isAccessor = (holder: Node): boolean =>
  (holder.type === "MethodDefinition" || holder.type === "Property") &&
  (holder.kind === "get" || holder.kind === "set");
