import type { Edit } from "../../src/finding.js";
import { entriesOf, fieldOf, itemsOf } from "../../src/deployment/documents.js";
import { prevailingLineEnd } from "../../src/line-ends.js";
import { pairsOf } from "../../src/startup/together.js";
import type { ChainRepair } from "../edit/repair.js";

/** The service is started after its collector: one entry more of `depends_on`, in the form that is there. */
export const waitForCollector: ChainRepair = (broken, project) => {
  const pair = pairsOf(project).find(
    ({ program }) => program.of.fn === broken.fn && program.at[0] === broken.at[0],
  );
  if (!pair) return undefined;
  const { program, collector } = pair;
  const { of, map } = program;
  const { text, file } = of;
  const lineStart = (at: number): number => text.lastIndexOf("\n", at - 1) + 1;
  const indentAt = (at: number): string => /^[ \t]*/.exec(text.slice(lineStart(at)))?.[0] ?? "";
  const field = fieldOf(map, "depends_on", of);
  const eol = prevailingLineEnd(text);
  const insert = (at: number, words: string): Edit => ({
    file,
    start: at,
    end: at,
    text: words.replaceAll("\n", eol),
  });
  const title = "Start the service after its collector";
  const repair = (edit: Edit) => ({ level: "review" as const, title, edits: [edit] });
  if (!field) {
    const [first] = entriesOf(map, of);
    const at = first?.[1].at[0];
    if (at === undefined || text.slice(lineStart(at), at).trim() !== "") return undefined;
    const indent = indentAt(at);
    return repair(insert(lineStart(at), `${indent}depends_on:\n${indent}  - ${collector.name}\n`));
  }
  const written = text.slice(...field.at);
  // an anchor, or a list on one line
  if (/^[\w"']+:[ \t]*[[{&*]/.test(written)) {
    const close = written.lastIndexOf("]");
    return /^[\w"']+:[ \t]*\[/.test(written) && close > 0 && itemsOf(field, of).length > 0
      ? repair(insert(field.at[0] + close, `, ${collector.name}`))
      : undefined;
  }
  const lines = written
    .split("\n")
    .slice(1)
    .find((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  if (lines === undefined) return undefined;
  const indent = /^[ \t]*/.exec(lines)?.[0] ?? "";
  const added = lines.trim().startsWith("-")
    ? `\n${indent}- ${collector.name}`
    : `\n${indent}${collector.name}:\n${indent}  condition: service_started`;
  return repair(insert(field.at[1], added));
};
