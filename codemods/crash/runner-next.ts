import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { intoList } from "../edit/imports.js";
import { child, list, type Source } from "../edit/source.js";

/** The third parameter of a route, given one where it has none; undefined where that cannot be. */
export function nextParameter(source: Source, fn: Node): { name: string; edits: Edit[] } | undefined {
  const params = fn.params as Node[];
  const [, response, next] = params;
  if (next) return next.type === "Identifier" ? { name: next.name as string, edits: [] } : undefined;
  const isTaken = [...source.nodes()].some(
    (n) => n.type === "Identifier" && n.name === "next" && fn.start <= n.start && n.end <= fn.end,
  );
  if (!response || isTaken || !/^(Identifier|ObjectPattern)$/.test(response.type)) return undefined;
  const isTyped = params.some((p) => child(p, "typeAnnotation") !== undefined);
  const type = isTyped ? nextType(source) : undefined;
  if (isTyped && !type) return undefined;
  const text = type ? `, next: ${type.text}` : ", next";
  return { name: "next", edits: [...(type?.edits ?? []), source.insert(response.end, text)] };
}

/** How the file can name the type, by what it imports of express. */
function nextType(source: Source): { text: string; edits: Edit[] } | undefined {
  for (const s of list(source.program, "body")) {
    if (s.type !== "ImportDeclaration" || child(s, "source")?.value !== "express") continue;
    const named = list(s, "specifiers").filter((x) => x.type === "ImportSpecifier");
    const known = named.find((x) => child(x, "imported")?.name === "NextFunction");
    if (known) return { text: child(known, "local")?.name as string, edits: [] };
    if (named.some((x) => /^(Request|Response)$/.test(String(child(x, "imported")?.name))))
      return { text: "NextFunction", edits: [intoList(source, named, "NextFunction")] };
    const whole = list(s, "specifiers").find((x) => x.type !== "ImportSpecifier");
    if (whole) return { text: `${child(whole, "local")?.name as string}.NextFunction`, edits: [] };
  }
  return undefined;
}
