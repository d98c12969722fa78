import { registrationMethods } from "../knowledge/process.js";
import type { Expr, Fn } from "../syntax/ir.js";
import type { Frame } from "./frame.js";
import { isClosing } from "./names.js";
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
    if (counts && isCounted(walk, frame.fn, test)) return "latched";
    return counts && !isLatch(walk, frame.fn, test.l) ? "value" : "open";
  }
  if (isLatch(walk, frame.fn, test)) return "latched";
  // the application that users have: what is not packaged runs on the desk of who develops it
  if (test.k === "mem" && test.p === "isPackaged") return "present";
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
  const speaksOfEnd = ENDING.test(name) || ENDING.test(fn.name ?? "");
  if (!hearsSignal(walk) && (isRegistering(fn) || !speaksOfEnd)) return false;
  // a helper of the listener that does something once: `if (this.recorded) return`
  if (!speaksOfEnd && walk.stack.at(-1)?.as !== "listener" && !endsSomething(walk, fn)) return false;
  if (e.k === "id") return e.bind?.kind === "var" && e.bind.owner !== fn && sets(e.bind.values);
  if (e.k === "mem" && e.o.k === "this" && e.p !== undefined) return sets(e.o.cls?.members.get(e.p)?.values);
  return false;
}

/** It closes something, or ends the process. */
const endsSomething = (walk: Walk, fn: Fn): boolean =>
  fn.module.calls.some(
    ({ call }) =>
      fn.at[0] <= call.at[0] &&
      call.at[1] <= fn.at[1] &&
      (isClosing(call) || walk.world.callee(call.callee, fn.module).some((v) => v.v === "exit")),
  );

/** `registerShutdownHandlers`, once: its flag says that the listeners are there, and nothing is being closed. */
const isRegistering = (fn: Fn): boolean =>
  /^_*(register|install|set_?up|add|attach|enable|init|hook|bind)/i.test(fn.name ?? "") &&
  fn.module.calls.some(
    ({ call: { callee, at } }) =>
      callee.k === "mem" &&
      registrationMethods.includes(callee.p ?? "") &&
      fn.at[0] <= at[0] &&
      at[1] <= fn.at[1],
  );

/** The running function handles a signal or a crash: its flag says that one came before, which is being dealt with. */
function hearsSignal(walk: Walk): boolean {
  const event = walk.stack.findLast((s) => s.as === "listener")?.event;
  return event !== undefined && HEARD_AGAIN.test(event);
}

const HEARD_AGAIN = /^(SIG|uncaughtException$|unhandledRejection$)/;

/** `signals += 1; if (signals > 1) process.exit(1)`: the second signal, in a function that counts them itself. */
function isCounted(walk: Walk, fn: Fn, { op, l, r }: Expr & { k: "cmp" }): boolean {
  if (!op.startsWith(">") || r.k !== "lit" || l.k !== "id" || !hearsSignal(walk)) return false;
  return l.bind?.kind === "var" && l.bind.owner !== fn && (r.v === 1 || r.v === 2 || r.v === 0);
}

/** `if (config.IS_DEV)`, `process.env.NODE_ENV === "development"`, and with more conditions beside it. */
export function isForDevelopment(test: Expr): boolean {
  if (test.k === "logic") return test.op === "&&" && (isForDevelopment(test.l) || isForDevelopment(test.r));
  if (test.k === "cmp")
    return /^={2,3}$/.test(test.op) && (namesDevelopment(test.l, test.r) || namesDevelopment(test.r, test.l));
  const name = nameOf(test);
  return name !== undefined && DEVELOPMENT.test(name);
}

/** `env.APP_ENVIRONMENT === "dev"`: the short names say it of an environment only. */
const namesDevelopment = (told: Expr, of: Expr): boolean =>
  told.k === "lit" &&
  (told.v === "development" ||
    ((told.v === "dev" || told.v === "local") && /(env|environment|stage)$/i.test(nameOf(of) ?? "")));

const nameOf = (e: Expr): string | undefined => (e.k === "id" ? e.name : e.k === "mem" ? e.p : undefined);

const DEVELOPMENT = /^_*(is_?)?dev(elopment)?(_?mode)?_*$/i;

/** `await once(server, "listening")` waits for the start of the work, not for its end. */
export function awaitsNothing(e: Expr): boolean {
  return e.k === "call" && e.args.some((a) => a.k === "lit" && (a.v === "listening" || a.v === "ready"));
}
