import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, type Source } from "../edit/source.js";
import type { Caught } from "./tell.js";
import { errorNameIn } from "./words.js";

/** The name of the error in a handler, and what it takes to have it. */
export interface Named extends Caught {
  edits: Edit[];
}

/**
 * The parameter of a function that is the error, given one where it has none.
 * @param type how TypeScript sees a parameter that says nothing itself
 */
export function errorParameter(source: Source, fn: Node, type: Caught["type"]): Named | undefined {
  const [first] = fn.params as Node[];
  if (first) return named(source, first, child(fn, "body"), type);
  const open = /\(\s*\)/.exec(source.text.slice(fn.start, child(fn, "body")?.start));
  if (!open) return undefined;
  const name = freeName(source, child(fn, "body"));
  const at = fn.start + open.index;
  return { name, type, edits: [source.replace(at, at + open[0].length, `(${name})`)] };
}

/** The same for a `catch` clause. */
export function errorOfClause(source: Source, clause: Node): Named | undefined {
  const param = child(clause, "param");
  if (param) return named(source, param, child(clause, "body"), "unknown");
  const name = freeName(source, child(clause, "body"));
  const edits = [source.insert(clause.start + "catch".length, ` (${name})`)];
  return { name, type: "unknown", edits };
}

function named(
  source: Source,
  param: Node,
  body: Node | undefined,
  otherwise: Caught["type"],
): Named | undefined {
  if (param.type !== "Identifier") return undefined;
  const typed = child(child(param, "typeAnnotation"), "typeAnnotation");
  const type = !typed ? otherwise : typeNamed(source.textOf(typed));
  const name = param.name as string;
  const end = typed ? (child(param, "typeAnnotation")?.start ?? param.end) : param.end;
  // a name that says "not used" gives way to one that can be read
  if (!name.startsWith("_") || (body && mentions(source, body, name))) return { name, type, edits: [] };
  const wished = freeName(source, body);
  return { name: wished, type, edits: [source.replace(param.start, end, wished)] };
}

/** A name for the error that its handler does not use for something else. */
function freeName(source: Source, body: Node | undefined): string {
  const names = [errorNameIn(source), "error", "failure"];
  return names.find((name) => !body || !mentions(source, body, name)) ?? "reason";
}

const typeNamed = (text: string): Caught["type"] =>
  text === "any" ? "any" : /^(unknown|\{\}|object)$|\|/.test(text) ? "unknown" : "error";

const mentions = (source: Source, body: Node, name: string): boolean =>
  [...source.nodes()].some(
    (n) =>
      n.type === "Identifier" &&
      n.name === name &&
      body.start <= n.start &&
      n.end <= body.end &&
      !isMember(source, n),
  );

/** The name of a member: `console.error`. */
function isMember(source: Source, node: Node): boolean {
  const holder = source.parentOf(node);
  return (
    holder?.type === "MemberExpression" && child(holder, "property") === node && holder.computed !== true
  );
}
