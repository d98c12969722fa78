import { documentsOf, entriesOf, fieldOf } from "../../src/deployment/documents.js";
import { unboundIn } from "../../src/startup/unreachable.js";
import type { ChainRepair } from "../edit/repair.js";
import { lineInside } from "./config-lines.js";

/** Gives a receiver the endpoint at which others reach it. */
export const listenToOthers: ChainRepair = (broken, project) => {
  const { file } = broken.fn.module;
  const [of] = documentsOf(file, project, /receivers/);
  const found = of && unboundIn(of).find(({ field }) => field.keyAt[0] === broken.at[0]);
  if (!found) return undefined;
  // as far in as the first receiver stands
  const [, first] = entriesOf(fieldOf(of.top, "receivers", of)?.value, of)[0] ?? [];
  const start = first?.keyAt[0] ?? 0;
  const step = of.text.slice(of.text.lastIndexOf("\n", start - 1) + 1, start);
  const line = `endpoint: 0.0.0.0:${broken.names[2] ?? ""}`;
  const pieces = /^ +$/.test(step) ? lineInside(found.field, of.text, step, line) : undefined;
  const eol = of.text.includes("\r\n") ? "\r\n" : "\n";
  return (
    pieces && {
      level: "review",
      title: "Listen to other containers",
      edits: pieces.map((piece) => ({ file, ...piece, text: piece.text.replaceAll("\n", eol) })),
    }
  );
};
