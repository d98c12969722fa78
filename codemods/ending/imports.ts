import type { Edit } from "../../src/finding.js";
import type { Call } from "../../src/syntax/ir.js";
import { child, list, nameOf, type Source } from "../edit/source.js";

/** Drops the import of a function whose only call goes away; the module it comes from is still loaded. */
export function dropImport(source: Source, call: Call): Edit[] {
  const { callee } = call;
  const bind = callee.k === "id" ? callee.bind : undefined;
  if (bind?.kind !== "import" || bind.uses.length !== 1) return [];
  for (const declaration of list(source.program, "body")) {
    if (declaration.type !== "ImportDeclaration") continue;
    const specifiers = list(declaration, "specifiers");
    const index = specifiers.findIndex(
      (s) => s.type === "ImportSpecifier" && nameOf(child(s, "local")) === bind.name,
    );
    const specifier = specifiers[index];
    if (!specifier) continue;
    const from = child(declaration, "source")?.start ?? declaration.end;
    if (specifiers.length === 1) return [source.replace(declaration.start, from, "import ")];
    const next = specifiers[index + 1];
    const previous = specifiers[index - 1];
    if (next) return [source.replace(specifier.start, next.start, "")];
    if (previous?.type !== "ImportSpecifier") return [];
    return [source.replace(previous.end, specifier.end, "")];
  }
  return [];
}
