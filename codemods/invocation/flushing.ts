import type { Edit } from "../../src/finding.js";
import { lossAt } from "../../src/invocation/unflushed.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";
import { chooseFlush } from "../flush/choose.js";
import { keeperAt } from "./keeper.js";

/** A statement that flushes, without its semicolon. */
export interface Flushing {
  statement: string;
  edits: Edit[];
  /** The answer does not wait for it. */
  behind: boolean;
}

/** How to flush at a node of an invocation: behind the answer where the platform can, else before it. */
export function flushingAt(
  broken: ChainBreak,
  source: Source,
  node: Node,
  isAsync: boolean,
  project: Project,
): Flushing | undefined {
  const loss = lossAt(broken, project);
  const vendor = loss?.hit.vendor;
  if (!loss || !vendor) return undefined;
  const { live, hit } = loss;
  const start =
    [...live.own.hits, ...live.program.hits].find((h) => h.kind === "start" && h.vendor === vendor) ??
    live.program.started.get(vendor);
  const around = new Set(hit.stack.map((s) => s.fn));
  const flush = chooseFlush(
    project,
    source,
    node,
    { vendor, start, run: live.program, repeatable: true },
    around,
  );
  if (!flush) return undefined;
  const keeper = flush.optional ? undefined : keeperAt(source, node, live.invocation, project);
  if (keeper)
    return {
      statement: keeper.around(flush.awaited),
      edits: [...flush.edits, ...keeper.edits],
      behind: true,
    };
  return isAsync ? { statement: `await ${flush.awaited}`, edits: flush.edits, behind: false } : undefined;
}
