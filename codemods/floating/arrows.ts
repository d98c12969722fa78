import type { Source } from "../edit/source.js";

/** The file writes arrow functions, or is young enough for them: methods of classes say nothing about the others. */
export function writesArrows(source: Source): boolean {
  if (source.style.arrows || source.isTypeScript) return true;
  for (const node of source.nodes()) if (node.type === "ClassBody") return true;
  return false;
}
