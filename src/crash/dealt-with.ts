import type { Call, Fn, Stmt } from "../syntax/ir.js";
import { listsOf } from "../syntax/parts.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { callsOf, functionsIn, reachOf } from "../program/reach.js";
import { callsIn, tellsCall } from "./telling.js";

/** How far below a job its own `catch` is looked for: the job, what it calls, and what that calls. */
const MAX_DEPTH = 2;

/**
 * Whether a function that somebody else runs sees to its failures itself: it, or what it calls directly, has a `catch` that
 * tells telemetry of the error or calls what may do so, or captures something on its way. Throwing the error on is no telling:
 * whoever runs it only logs.
 */
export function dealsItself(job: Fn, run: Run, project: Project): boolean {
  const seen = new Set<Fn>();
  const deals = (fn: Fn, depth: number): boolean => {
    if (seen.has(fn)) return false;
    seen.add(fn);
    if (handlersIn(fn.body).some((body) => callsIn(body, fn).some((c) => mayTell(c, fn, run, project))))
      return true;
    return callsOf(fn).some((call) => {
      if (tellsCall(call, fn, run, project) === "tells") return true;
      const { callee } = call;
      if (callee.k === "mem" && (callee.p === "catch" || callee.p === "then")) {
        const handler = callee.p === "catch" ? call.args[0] : call.args[1];
        const fns = handler ? functionsIn(handler, fn, project.values) : [];
        // `.catch(handle)` of which nothing is known
        if (handler && fns.length === 0 && handler.k !== "mem") return true;
        if (fns.some((f) => tellsAnywhere(f, run, project))) return true;
      }
      if (depth >= MAX_DEPTH) return false;
      return ranBy(call, fn, project).some((f) => deals(f, depth + 1));
    });
  };
  return deals(job, 0);
}

/** The functions of the program that a call runs now: what it calls, and the functions that it hands over. */
const ranBy = (call: Call, fn: Fn, project: Project): Fn[] => [
  ...(call.callee.k === "fn" ? [call.callee.fn] : []),
  ...project.values.callee(call.callee, fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : [])),
  ...call.args.flatMap((a) => (a.k === "fn" ? [a.fn] : [])),
];

/** The `catch` clauses of a body. */
const handlersIn = (body: readonly Stmt[]): (readonly Stmt[])[] =>
  body.flatMap((s) => [
    ...(s.s === "try" && s.handler ? [s.handler] : []),
    ...listsOf(s).flatMap(handlersIn),
  ]);

const mayTell = (call: Call, fn: Fn, run: Run, project: Project): boolean =>
  tellsCall(call, fn, run, project) !== "swallows" ||
  ranBy(call, fn, project).some((f) => tellsAnywhere(f, run, project));

const tellsAnywhere = (fn: Fn, run: Run, project: Project): boolean =>
  reachOf([fn], project.values).some((r) => tellsCall(r.call, r.fn, run, project) !== "swallows");
