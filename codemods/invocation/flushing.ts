import type { Edit } from "../../src/finding.js";
import { lossAt } from "../../src/invocation/unflushed.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Invocation } from "../../src/invocation/handlers.js";
import type { Project } from "../../src/program/project.js";
import type { Fn } from "../../src/syntax/ir.js";
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
  if (isAnswered(hit.stack.at(0)?.fn ?? hit.fn, node, live.invocation)) return undefined;
  return isAsync ? { statement: `await ${flush.awaited}`, edits: flush.edits, behind: false } : undefined;
}

const ANSWERS = /^(?:send|json|jsonp|end|redirect|render|sendStatus|sendFile)$/;

/** `res.json(...)` stands above the node: where the answer ends the event, what is awaited behind it comes too late. */
function isAnswered(fn: Fn, node: Node, { app, platform }: Invocation): boolean {
  if (app !== "express app" && platform !== "google") return false;
  return fn.module.calls.some(({ call }) => {
    const { callee, at } = call;
    if (callee.k !== "mem" || !ANSWERS.test(callee.p ?? "") || at[0] >= node.start || at[0] < fn.at[0])
      return false;
    let root = callee.o;
    while (root.k === "mem" || root.k === "call") root = root.k === "mem" ? root.o : root.callee;
    return root.k === "id" && root.bind?.param?.fn === fn && root.bind.param.index === 1;
  });
}
