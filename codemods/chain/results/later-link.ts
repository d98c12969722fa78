import { openSource, list } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** The interceptor that unwraps is registered after the one that reads the response. */
export const repairLaterLink: ChainRepair = ({ fn, call, parts }, project) => {
  const source = openSource(project, fn.module.file);
  const [first] = parts ?? [];
  const statements = [first?.at, call?.at].map((at) => {
    const node = at && source?.at(at, "CallExpression");
    const holder = node && source?.parentOf(node);
    return holder?.type === "ExpressionStatement" ? holder : undefined;
  });
  const [unwraps, reads] = statements;
  if (!source || !unwraps || !reads) return undefined;
  const block = source.parentOf(unwraps);
  if (!block || !list(block, "body").includes(reads)) return undefined;
  const { text } = source;
  const rest = /^[ \t]*(?:\r?\n)*/.exec(text.slice(unwraps.end))?.[0].length ?? 0;
  const start = source.isFirstOnLine(unwraps.start) ? source.lineStart(unwraps.start) : unwraps.start;
  const indent = source.indentAt(unwraps.start);
  return {
    level: "review",
    title: "Register the interceptor that unwraps last",
    edits: [
      source.replace(start, unwraps.end + rest, ""),
      source.insert(reads.end, `\n${indent}${source.textOf(unwraps)}`),
    ],
  };
};
