import type { Expr, Fn } from "../syntax/ir.js";
import type { Frame } from "./frame.js";
import type { Walk } from "./walk.js";

/**
 * What a condition says of telemetry: there is a handle (`present`), there is none (`absent`), somebody is closing it already
 * (`latched`), it compares values that say nothing of it (`value`), or it may guard anything (`open`).
 */
export type View = "present" | "absent" | "latched" | "value" | "open";

export function viewOf(walk: Walk, frame: Frame, test: Expr): View {
  if (test.k === "not") {
    const inner = viewOf(walk, frame, test.e);
    return inner === "present"
      ? "absent"
      : inner === "absent"
        ? "present"
        : inner === "latched"
          ? "open"
          : inner;
  }
  if (test.k === "logic") {
    const l = viewOf(walk, frame, test.l);
    const r = viewOf(walk, frame, test.r);
    if (l === "latched" || r === "latched") return "latched";
    // `!sdk || !started` is the same guard in more words
    if (test.op === "||" && (l === "absent" || r === "absent")) return "absent";
    return test.op === "&&" && (l === "present" || r === "present") ? "present" : "open";
  }
  if (test.k === "cmp") {
    const nothing = (e: Expr): boolean => e.k === "lit" && (e.v === null || e.v === undefined);
    const other = nothing(test.r) ? test.l : nothing(test.l) ? test.r : undefined;
    if (other && isHandle(walk, frame, other)) return test.op.startsWith("!") ? "present" : "absent";
    const counts = [test.l, test.r].some((e) => e.k === "lit" && typeof e.v === "number");
    return counts && !isLatch(walk, frame.fn, test.l) ? "value" : "open";
  }
  if (isLatch(walk, frame.fn, test)) return "latched";
  return (test.k === "id" || test.k === "mem") && isHandle(walk, frame, test) ? "present" : "open";
}

function isHandle(walk: Walk, frame: Frame, e: Expr): boolean {
  // `const client = new Client()` is there, whatever it is
  if (
    e.k === "id" &&
    e.bind?.constant &&
    e.bind.values.length === 1 &&
    e.bind.values[0]?.k === "call" &&
    e.bind.values[0].isNew
  )
    return true;
  return walk.world
    .values(e, frame.fn.module)
    .some((v) => (v.v === "sdk" && v.sdk.is === "handle") || (v.v === "package" && v.path.endsWith("()")));
}

const ENDING = /shut|clos|stop|quit|exit|end(ing|ed)|terminat|drain|dispos|clean|destroy/i;

/** A flag that this very function sets: `if (stopping) process.exit(1); stopping = true`. */
function isLatch(walk: Walk, fn: Fn, e: Expr): boolean {
  const within = (at: readonly [number, number]): boolean => fn.at[0] <= at[0] && at[1] <= fn.at[1];
  const sets = (values: Expr[] | undefined): boolean =>
    values?.some((v) => v.k === "lit" && v.v === true && within(v.at)) === true &&
    values.some((v) => v.k === "lit" && v.v === false);
  const name = e.k === "id" ? e.name : e.k === "mem" ? (e.p ?? "") : "";
  // "is it started already" has the same shape as "is it closing already": the words tell them apart, or the signal that runs it
  if (!ENDING.test(name) && !ENDING.test(fn.name ?? "") && !hearsSignal(walk)) return false;
  if (e.k === "id") return e.bind?.kind === "var" && e.bind.owner !== fn && sets(e.bind.values);
  if (e.k === "mem" && e.o.k === "this" && e.p !== undefined) return sets(e.o.cls?.members.get(e.p)?.values);
  return false;
}

/** The running function is the listener of a signal: its flag says that the signal came before. */
function hearsSignal(walk: Walk): boolean {
  const now = walk.stack.at(-1);
  return now?.as === "listener" && now.event?.startsWith("SIG") === true;
}

/** `await once(server, "listening")` waits for the start of the work, not for its end. */
export function awaitsNothing(e: Expr): boolean {
  return e.k === "call" && e.args.some((a) => a.k === "lit" && (a.v === "listening" || a.v === "ready"));
}
