import type { Edit } from "../../src/finding.js";
import type { Binding, Module } from "../../src/syntax/ir.js";
import { intoList } from "./imports.js";
import { child, list, type Source } from "./source.js";

/** The edit that lets a file export one of its top-level variables by its own name; undefined for forms that would hide it. */
export function exportEdit(source: Source, module: Module, bind: Binding): Edit | undefined {
  const body = list(source.program, "body");
  const declaration = body.find(
    (s) => s.type === "VariableDeclaration" && s.start <= bind.at[0] && bind.at[1] <= s.end,
  );
  if (!declaration || module.exports.has(bind.name)) return undefined;
  if (module.esm)
    return list(declaration, "declarations").length === 1
      ? source.insert(declaration.start, "export ")
      : undefined;
  const { semicolon } = source.style;
  const last = body.at(-1);
  if (!last || !(declaration.kind === "const" || bind.constant)) return undefined;
  if (module.exports.size === 0 && /\.c?js$/.test(source.file) && /\brequire\(/.test(source.text)) {
    const object = source.style.spaced ? `{ ${bind.name} }` : `{${bind.name}}`;
    return source.insert(last.end, `\n\nmodule.exports = ${object}${semicolon}`);
  }
  for (const s of body) {
    const set = child(s, "expression");
    const left = set?.type === "AssignmentExpression" ? child(set, "left") : undefined;
    const right = child(set, "right");
    if (!left || !right) continue;
    const items = list(right, "properties");
    if (source.textOf(left) === "module.exports")
      return right.type === "ObjectExpression" && items.length > 0
        ? intoList(source, items, bind.name)
        : undefined;
    const to = /^(module\.exports|exports)\.\w+$/.exec(source.textOf(left))?.[1];
    if (to !== undefined) return source.insert(last.end, `\n${to}.${bind.name} = ${bind.name}${semicolon}`);
  }
  return undefined;
}
