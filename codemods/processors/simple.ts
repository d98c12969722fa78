import type { Repair } from "../../src/finding.js";
import { batchProcessorFor } from "../chain/lists/batch-processor.js";
import type { ChainRepair } from "../edit/repair.js";
import { child, openSource } from "../edit/source.js";

/** The processor that batches takes the place of the one that does not. */
export const repairSimple: ChainRepair = ({ fn, call, names: [name] }, project): Repair | undefined => {
  const source = call && openSource(project, fn.module.file);
  const callee = source && child(source.at(call.at, "NewExpression"), "callee");
  if (!source || !callee) return undefined;
  const batch = (name ?? "").replace("Simple", "Batch");
  const title = `Use \`${batch}\``;
  if (callee.type === "MemberExpression") {
    const member = child(callee, "property");
    return member && { level: "review", title, edits: [source.replace(member.start, member.end, batch)] };
  }
  if (callee.type !== "Identifier") return undefined;
  const imported = importOf(source.text, name ?? "");
  if (name === "SimpleSpanProcessor" && imported === undefined) {
    const made = batchProcessorFor(source, fn.module, project);
    return (
      made && {
        level: "review",
        title,
        edits: [...made.edits, source.replace(callee.start, callee.end, made.name)],
      }
    );
  }
  if (imported === undefined) return undefined;
  const uses = [...source.text.matchAll(new RegExp(`\\b${name ?? ""}\\b`, "g"))];
  const known = new RegExp(`\\b${batch}\\b`).test(source.text);
  const edits = [source.replace(callee.start, callee.end, batch)];
  if (!known) {
    // the only use takes the import along
    if (uses.length === 2) edits.unshift(source.replace(imported, imported + (name ?? "").length, batch));
    else edits.unshift(source.insert(imported, `${batch}, `));
  }
  return { level: "review", title, edits };
};

/** Where a named import, or a destructured `require`, names the class. */
function importOf(text: string, name: string): number | undefined {
  const found = new RegExp(
    `(?:import\\s*|(?:const|let|var)\\s*)\\{[^{}]*?\\b(${name})\\b(?!\\s*(?:as\\b|:))[^{}]*\\}\\s*(?:from|=)`,
    "d",
  ).exec(text);
  return found?.indices?.[1]?.[0];
}
