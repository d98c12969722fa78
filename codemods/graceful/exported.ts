import type { Edit } from "../../src/finding.js";
import type { Binding, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { intoList } from "../edit/imports.js";
import { child, list, type Source } from "../edit/source.js";

/** The name by which a module hands out one of its own, and what to call it elsewhere; undefined when it does not. */
export function exportedName(module: Module, bind: Binding): { name: string; local: string } | undefined {
  for (const [name, said] of module.exports)
    if (said.kind === "value" && said.e.k === "id" && said.e.bind === bind) return { name, local: bind.name };
  for (const [name, said] of module.exports)
    if (said.kind === "value" && said.e.k === "fn" && bind.values.includes(said.e))
      return { name, local: bind.name };
  return undefined;
}

/**
 * The edits that let a CommonJS file hand out a function that it is given; an ES module exports it where it stands.
 * @param gone statements of the top level that are taken away
 * @param apart the function goes behind the last statement, so that a blank line is due
 */
export function exportEdits(
  source: Source,
  module: Module,
  name: string,
  { gone = [], apart = false }: { gone?: readonly Node[]; apart?: boolean } = {},
): Edit[] | undefined {
  if (module.esm) return [];
  const { semicolon, spaced } = source.style;
  const body = list(source.program, "body");
  const last = body.findLast((s) => !gone.includes(s));
  if (!last || /\.m?tsx?$/.test(source.file)) return undefined;
  for (const s of body) {
    const set = child(s, "expression");
    if (set?.type !== "AssignmentExpression") continue;
    const left = source.textOf(child(set, "left") ?? set);
    const right = child(set, "right");
    const items = list(right, "properties");
    if (left === "module.exports" && right?.type === "ObjectExpression" && items.length > 0)
      return [intoList(source, items, name)];
    const to =
      /^(module\.exports|exports)\.\w+$/.exec(left)?.[1] ?? (left === "module.exports" ? left : undefined);
    if (to !== undefined)
      return [source.insert(last.end, `${apart ? "\n" : ""}\n${to}.${name} = ${name}${semicolon}`)];
  }
  const object = spaced ? `{ ${name} }` : `{${name}}`;
  return [source.insert(last.end, `\n\nmodule.exports = ${object}${semicolon}`)];
}
