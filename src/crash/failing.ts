import { soundsLikeFlush } from "../flow/names.js";
import type { Call, Fn, Stmt } from "../syntax/ir.js";
import { evaluates, expressionsOf, listsOf, type Attempt } from "../syntax/parts.js";
import { servedBy } from "../program/producers.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { reachOf } from "../program/reach.js";
import { callsIn } from "./telling.js";
import { returnsOf } from "../program/value-sets.js";

/** The `try` that all the work of a function stands in: outside of it nothing is awaited, called of the program, or served. */
export function wholeAttempt(fn: Fn, project: Project): Attempt | undefined {
  const attempts = fn.body.filter((s): s is Attempt => s.s === "try" && s.handler !== undefined);
  const [attempt] = attempts;
  if (!attempt || attempts.length > 1 || !awaits(attempt.block)) return undefined;
  const outside = fn.body.filter((s) => s !== attempt);
  const handsBack = returnsOf([...outside]).some((e) => e.k === "call");
  return handsBack || awaits(outside) || works(outside, fn, project) ? undefined : attempt;
}

const awaits = (body: readonly Stmt[]): boolean =>
  body.some(
    (s) =>
      expressionsOf(s).some((e) => evaluates(e, (x) => x.k === "await")) ||
      (s.s === "loop" && s.awaits) ||
      listsOf(s).some(awaits),
  );

/** Something is awaited behind an offset. */
export const awaitsAfter = (body: readonly Stmt[], offset: number): boolean =>
  body.some(
    (s) =>
      expressionsOf(s).some((e) => evaluates(e, (x) => x.k === "await" && x.at[1] > offset)) ||
      (s.s === "loop" && s.awaits && s.at[1] > offset) ||
      listsOf(s).some((l) => awaitsAfter(l, offset)),
  );

const SERVES = /^(listen|serve|start|run|launch|login|connect|process|consume|subscribe)$/;

function works(body: readonly Stmt[], fn: Fn, project: Project): boolean {
  // at the top level of a module what comes after the work is listeners and exports
  return callsIn(body, fn).some(
    (call) =>
      servedBy(call, fn.module, project) !== undefined ||
      (call.callee.k === "mem" && SERVES.test(call.callee.p ?? "")) ||
      project.values.callee(call.callee, fn.module).some((v) => v.v === "fn" && v.fn.async),
  );
}

/** How far functions that are awaited are looked into. */
const MAX_DEPTH = 3;

/** The call stands in a `try` of the function whose `finally` sends what is buffered. */
export function flushesAround(call: Call, fn: Fn, run: Run): boolean {
  const flushes = new Set(run.hits.flatMap((h) => (h.kind === "flush" && h.call ? [h.call] : [])));
  return triesOf(fn.body).some(
    ({ block, finalizer = [] }) =>
      callsIn(block, fn).includes(call) &&
      callsIn(finalizer, fn).some((c) => flushes.has(c) || soundsLikeFlush(c.callee, fn.module.file)),
  );
}

/** What leaves a function, or one that it calls, as a rejection has passed a flush: in a `finally`, or in a `catch`. */
export function flushesOnFailure(fn: Fn, run: Run, project: Project, depth = 0): boolean {
  const flushes = new Set(run.hits.flatMap((h) => (h.kind === "flush" && h.call ? [h.call] : [])));
  const follow = (calls: readonly Call[]): Fn[] =>
    calls.flatMap((c) =>
      project.values.callee(c.callee, fn.module).flatMap((v) => (v.v === "fn" && v.fn !== fn ? [v.fn] : [])),
    );
  const here = triesOf(fn.body).some((attempt) =>
    [attempt.handler ?? [], attempt.finalizer ?? []].some((body) => {
      const calls = callsIn(body, fn);
      return (
        calls.some((c) => flushes.has(c) || soundsLikeFlush(c.callee, fn.module.file)) ||
        reachOf(follow(calls), project.values).some(
          (r) => flushes.has(r.call) || soundsLikeFlush(r.call.callee, r.fn.module.file),
        )
      );
    }),
  );
  // `await using` disposes of what it holds whatever happens; the syntax has no word for it
  const disposes = /\bawait using\b/.test(project.index.read(fn.module.file)?.slice(...fn.bodyAt) ?? "");
  const given = (): Fn[] =>
    callsIn(fn.body, fn).flatMap((c) => c.args.flatMap((a) => (a.k === "fn" ? [a.fn] : [])));
  const inner = (): Fn[] => [...follow(callsIn(fn.body, fn)), ...given()].filter((f) => f.async);
  return (
    here ||
    disposes ||
    (depth < MAX_DEPTH && inner().some((f) => flushesOnFailure(f, run, project, depth + 1)))
  );
}

const triesOf = (body: readonly Stmt[]): Attempt[] =>
  body.flatMap((s) => [...(s.s === "try" ? [s] : []), ...listsOf(s).flatMap(triesOf)]);
