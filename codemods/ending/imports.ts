import type { Edit } from "../../src/finding.js";
import type { Call } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "./source.js";
import { nameOf } from "./statement.js";

/** Drops the import of a function whose only call goes away; the module it comes from is still loaded. */
export function dropImport(source: Source, call: Call): Edit[] {
  const { callee } = call;
  const bind = callee.k === "id" ? callee.bind : undefined;
  if (bind?.kind !== "import" || bind.uses.length !== 1) return [];
  const { file } = source;
  for (const declaration of source.program.body as Node[]) {
    if (declaration.type !== "ImportDeclaration") continue;
    const specifiers = declaration.specifiers as Node[];
    const index = specifiers.findIndex((s) => s.type === "ImportSpecifier" && nameOf(s.local as Node) === bind.name);
    const specifier = specifiers[index];
    if (!specifier) continue;
    const from = (declaration.source as Node).start;
    if (specifiers.length === 1) return [{ file, start: declaration.start, end: from, text: "import " }];
    const next = specifiers[index + 1];
    const previous = specifiers[index - 1];
    if (next) return [{ file, start: specifier.start, end: next.start, text: "" }];
    if (previous?.type !== "ImportSpecifier") return [];
    return [{ file, start: previous.end, end: specifier.end, text: "" }];
  }
  return [];
}
