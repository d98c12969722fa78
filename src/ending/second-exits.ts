import type { Hit } from "../flow/world.js";
import type { Run } from "../program/program.js";
import { listsOf, expressionsOf, evaluates } from "../syntax/parts.js";
import type { Call, Stmt } from "../syntax/ir.js";

/**
 * `server.close(() => process.exit(1)); process.exit(1);`: the callback of a call behind which the same statements end the
 * process never runs. The exit that does end it is the one to speak of.
 */
export function comesTooLate(hit: Hit, run: Run): boolean {
  const at = hit.stack.findLastIndex((s) => s.as === "callback");
  const call = hit.stack[at]?.call;
  const around = hit.stack[at - 1]?.fn;
  if (!call || !around) return false;
  return run.hits.some(
    (h) => h.kind === "exit" && h.call && h.fn === around && standBehind(around.body, call, h.call),
  );
}

/** Whether a statement that stands alone behind that of `first`, in the same list, is `second`, and nothing waits between them. */
function standBehind(body: readonly Stmt[], first: Call, second: Call): boolean {
  const at = body.findIndex((s) => expressionsOf(s).some((e) => evaluates(e, (x) => x === first)));
  if (at < 0) return body.some((s) => listsOf(s).some((list) => standBehind(list, first, second)));
  const rest = body.slice(at + 1);
  const end = rest.findIndex((s) => s.s === "expr" && s.e === second);
  return end >= 0 && !rest.slice(0, end).some(waits);
}

const waits = (s: Stmt): boolean =>
  expressionsOf(s).some((e) => evaluates(e, ({ k }) => k === "await")) ||
  listsOf(s).some((l) => l.some(waits));
