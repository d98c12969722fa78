import type { Repair } from "../src/finding.js";
import type { FloatingFlush } from "../src/program/details.js";
import { promiseMethods } from "../src/knowledge/process.js";
import type { Project } from "../src/program/project.js";
import type { RunReport } from "../src/program/view.js";
import type { Node } from "../src/syntax/parse.js";
import { calledName, child, openSource, type Source } from "./edit/source.js";
import { waitForDropped } from "./floating/dropped.js";
import { waitForEach } from "./floating/each.js";
import { listenBeforeExit } from "./floating/exit-listener.js";
import { outOfExecutor } from "./floating/executor.js";
import { sharedPromise } from "./floating/latch.js";
import { flushTheQueue } from "./floating/link.js";
import { awaitInEarnest } from "./floating/nothing.js";
import { exitWithOwnCode } from "./floating/passed.js";
import { behindSpan } from "./floating/span.js";

/**
 * Lets somebody wait for a flush whose end gets lost.
 * @returns undefined where nobody could, or where more than the place would have to be rewritten
 */
export function repairNoFloatingFlush(report: RunReport, project: Project): Repair | undefined {
  const { details, call, module } = report;
  const source = openSource(project, module.file);
  const node = call && source?.at(call.at, "CallExpression", "NewExpression");
  if (details?.kind !== "floating-flush" || !source || !node) return undefined;
  const { shape } = details;
  switch (shape) {
    case "dropped":
      return waitForDropped(project, source, rootOf(source, node, details), details);
    case "each":
      return waitForEach(project, source, node, details);
    case "nothing-to-await":
      return awaitInEarnest(project, source, node, details);
    case "exit-listener":
      return listenBeforeExit(project, source, node, details);
    case "passed-exit":
      return exitWithOwnCode(project, source, node);
    case "executor":
      return outOfExecutor(project, source, node);
    case "inside-span":
      return behindSpan(source, node);
    case "wrong-link":
      return flushTheQueue(project, source, node, details);
    case "latch":
      return sharedPromise(source, node);
  }
}

/** The call that a chain begins with: the flush itself, where it stands in the same function. */
function rootOf(source: Source, node: Node, { flush }: FloatingFlush): Node {
  const own =
    flush.fn.module.file === source.file && flush.call && source.at(flush.call.at, "CallExpression");
  if (
    own &&
    node.start <= own.start &&
    own.end <= node.end &&
    source.functionOf(own) === source.functionOf(node)
  )
    return own;
  let at = node;
  for (;;) {
    const callee = child(at, "callee");
    const chained = callee?.type === "MemberExpression" && promiseMethods.includes(calledName(at) ?? "");
    const object = chained ? child(callee, "object") : undefined;
    if (object?.type !== "CallExpression") return at;
    at = object;
  }
}
