import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { reindented, withParentheses } from "../../edit/insert.js";
import { child, list, nameOf, type Source } from "../../edit/source.js";

/** How a handler can hand on all that it is given: `a, b` one by one or `args` as a whole, with the edits that name what it leaves out. */
export interface Given {
  each?: readonly string[];
  whole?: string;
  edits: readonly Edit[];
}

/** The parameters of a handler, completed to the ones that it is called with; undefined where one of them has no name. */
export function givenTo(source: Source, handler: Node, wanted: readonly string[]): Given | undefined {
  const params = list(handler, "params");
  const [only] = params;
  if (only?.type === "RestElement") {
    const whole = nameOf(child(only, "argument"));
    return whole === undefined ? undefined : { whole, edits: [] };
  }
  if (params.some((p) => p.type !== "Identifier")) return undefined;
  const own = params.map((p) => p.name as string);
  const taken = namesIn(source, handler);
  const added = wanted.slice(own.length).map((name) => freeName(taken, name));
  const each = [...own, ...added].slice(0, wanted.length);
  if (added.length === 0) return { each, edits: [] };
  const last = params.at(-1);
  if (!last) {
    const open = source.text.indexOf("(", handler.start) + 1;
    return { each, edits: [source.insert(open, added.join(", "))] };
  }
  const isBare = source.text.slice(handler.start, last.start).trim() === "" && params.length === 1;
  return {
    each,
    edits: isBare
      ? [source.replace(last.start, last.end, `(${each.join(", ")})`)]
      : [source.insert(last.end, `, ${added.join(", ")}`)],
  };
}

/** Every name of a variable that stands in a part of a file. */
export function namesIn(source: Source, within: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of source.nodes())
    if (
      node.type === "Identifier" &&
      within.start <= node.start &&
      node.end <= within.end &&
      !isMember(source, node)
    )
      names.add(node.name as string);
  return names;
}

/** The `log` of `console.log`. */
function isMember(source: Source, node: Node): boolean {
  const parent = source.parentOf(node);
  return (
    parent?.type === "MemberExpression" && parent.computed !== true && child(parent, "property") === node
  );
}

/** A name that is not taken yet. */
export function freeName(taken: ReadonlySet<string>, wanted: string): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}${String(i)}`;
  return name;
}

/** Puts a statement at the beginning of a function; an arrow with an expression gets a body. */
export function firstIn(source: Source, fn: Node, statement: string): Edit | undefined {
  const body = child(fn, "body");
  if (!body) return undefined;
  const { indent, semicolon } = source.style;
  const outer = source.indentAt(fn.start);
  const inner = outer + indent;
  if (body.type !== "BlockStatement") {
    const [start, end] = withParentheses(source, body, fn);
    const kept = reindented(source.textOf(body), source.indentAt(body.start), inner);
    return source.replace(
      start,
      end,
      `{\n${inner}${statement}\n${inner}return ${kept}${semicolon}\n${outer}}`,
    );
  }
  const [first] = list(body, "body");
  if (!first) return source.replace(body.start, body.end, `{\n${inner}${statement}\n${outer}}`);
  const gap = source.isFirstOnLine(first.start) ? `\n${source.indentAt(first.start)}` : " ";
  return source.insert(first.start, `${statement}${gap}`);
}
