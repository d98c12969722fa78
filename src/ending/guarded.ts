import type { Hit } from "../flow/world.js";
import type { Expr, Span, Stmt } from "../syntax/ir.js";
import { evaluates, expressionsOf, listsOf } from "../syntax/parts.js";

/** What a path goes through last before a call: a condition, something that shows that it has worked, or neither. */
type Last = "condition" | "worked" | undefined;

/**
 * Whether an exit stands behind a condition that no failure led to, and in no loop that has gone round: `if (!config.valid)
 * process.exit(1)`. Such a refusal comes before the work as often as after it (of 33 in the field about half lost something).
 */
export function isRefusal(hit: Hit): boolean {
  // what ends the process by a signal does not refuse anything
  if (hit.value?.v !== "exit" || !/exit$/i.test(hit.value.name)) return false;
  let call = hit.call;
  for (const step of [...hit.stack].reverse()) {
    const last = call && lastBefore(call.at, step.fn.body);
    if (last) return last === "condition";
    // the end of a chain of promises comes after what the chain has done
    if (step.as !== "call" || step.call?.args.some((a) => a.k === "fn" && a.fn === step.fn) === true)
      return false;
    call = step.call;
  }
  return false;
}

function lastBefore(at: Span, body: readonly Stmt[]): Last {
  const index = body.findIndex((s) => within(at, s.at));
  const around = body[index];
  if (!around) return undefined;
  const last = lastInside(at, around);
  // behind work of the same branch it ends that work
  return last ?? (body.slice(0, index).some(waits) ? "worked" : undefined);
}

function lastInside(at: Span, around: Stmt): Last {
  const inner = listsOf(around)
    .map((list) => lastBefore(at, list))
    .find((last) => last !== undefined);
  switch (around.s) {
    case "try":
      return around.handler?.some((s) => within(at, s.at)) === true ? "worked" : inner;
    case "if":
      if (within(at, around.test.at)) return lastIn(at, around.test);
      return inner ?? ofTest(around.test);
    case "switch":
      return inner ?? ofTest(around.on);
    case "expr":
    case "throw":
      return lastIn(at, around.e);
    case "return":
      return around.e && lastIn(at, around.e);
    case "loop":
      return inner && around.body.some(waits) ? "worked" : inner;
    default:
      return inner;
  }
}

const waits = (s: Stmt): boolean =>
  expressionsOf(s).some((e) => evaluates(e, ({ k }) => k === "await")) ||
  listsOf(s).some((l) => l.some(waits));

/** `ok || process.exit(1)`, `failed ? process.exit(1) : next()`. */
function lastIn(at: Span, e: Expr): Last {
  if (e.k === "logic" && within(at, e.r.at)) return lastIn(at, e.r) ?? ofTest(e.l);
  if (e.k === "cond" && !within(at, e.test.at)) return ofTest(e.test);
  if (e.k === "await" || e.k === "void") return lastIn(at, e.e);
  return undefined;
}

const ofTest = (test: Expr): Last => (evaluates(test, namesFailure) ? "worked" : "condition");

function namesFailure(e: Expr): boolean {
  const name = e.k === "id" ? e.name : e.k === "mem" ? e.p : e.k === "lit" ? e.v : undefined;
  return typeof name === "string" && FAILURE.test(name);
}

const FAILURE = /^e$|err|fail|exception|reject|abort/i;

const within = (at: Span, outer: Span): boolean => outer[0] <= at[0] && at[1] <= outer[1];
