import type { Hit } from "../flow/world.js";
import type { Binding, Expr, Fn } from "../syntax/ir.js";
import { endingsOf, exitsIn } from "../program/endings.js";
import type { Floating } from "./floating.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";

/**
 * Closers that begin with `if (closing) return; closing = true`: the second ending to call one goes on at once, and exits while
 * the first still flushes.
 */
export function latchedFlushes(run: Run, project: Project): Floating[] {
  const endings = endingsOf(run, project);
  return run.hits.flatMap((flush): Floating[] => {
    const { call, fn } = flush;
    if (flush.kind !== "flush" || !call || !isLatched(fn) || flush.facts?.style === "sync") return [];
    const callers = endings.filter((e) => e.reached.some((r) => r.call === call && !r.inTimer));
    if (callers.length < 2 || !callers.some((e) => exitsIn(e).some((h) => isOutside(h, fn)))) return [];
    return [{ kind: "floating-flush", shape: "latch", flush, ending: callers[0], at: call.at, call, fn }];
  });
}

const isOutside = (exit: Hit, fn: Fn): boolean => exit.fn !== fn;

/** An async function whose first two statements test a flag, return, and set it. */
function isLatched({ async, body }: Fn): boolean {
  const [test, set] = body;
  if (!async || test?.s !== "if" || test.else || set?.s !== "expr" || set.e.k !== "set") return false;
  const [leave] = test.then;
  const flag = flagIn(test.test);
  const leaves = test.then.length === 1 && leave?.s === "return" && leave.e === undefined;
  return leaves && flag !== undefined && flagIn(set.e.to) === flag && set.e.e.k === "lit";
}

const flagIn = (e: Expr): Binding | undefined =>
  e.k === "not" ? flagIn(e.e) : e.k === "id" ? e.bind : undefined;
