import type { Value } from "../../facts/value.js";
import type { Binding, Call, Fn, Module, Stmt } from "../../syntax/ir.js";
import { evaluates, listsOf } from "../../syntax/parts.js";
import type { Project } from "../../program/project.js";
import type { Run } from "../../program/program.js";
import { callsOf, functionsIn, reachOf } from "../../program/reach.js";
import { callsIn, tellsCall, tellsIn, type Handling } from "../telling.js";
import { returnsOf } from "../../program/value-sets.js";

/**
 * What a hook of a web framework does with an error. `passes`: it hands it to the next hook or throws it on, which tells
 * nobody by itself. The others as in `Telling`.
 */
export type Verdict = "tells" | "unknown" | "passes" | "swallows";

/**
 * What a function does with the error that it is given.
 * @param error index of the parameter that is the error
 */
export const verdictOf = (fn: Fn, run: Run, project: Project, error = 0): Verdict =>
  verdictIn({ body: fn.body, fn, given: fn.params[error] ?? [] }, run, project);

/** Like `verdictOf`, for a part of a function. */
export function verdictIn(handling: Handling, run: Run, project: Project): Verdict {
  const { fn, given } = handling;
  const body = handling.body.filter((s) => !isTooLate(s));
  const calls = callsIn(body, fn);
  const levels = new Map(calls.map((c) => [c, loggerOf(c, fn, project)]));
  const reached = [
    ...calls.map((call) => ({ call, fn })),
    ...reachOf(
      [
        ...calls.flatMap((c) => [c.callee, ...c.args].flatMap((e) => functionsIn(e, fn, project.values))),
        ...[...levels.values()].flat(),
      ],
      project.values,
    ),
  ];
  let verdict: Verdict = "swallows";
  for (const r of reached) {
    if (isLogOfRequest(r.call) || asksError(r.call, given) || (levels.get(r.call)?.length ?? 0) > 0) continue;
    const one = tellsCall(r.call, r.fn, run, project);
    if (one === "tells") return "tells";
    if (one === "unknown") verdict = "unknown";
  }
  if (verdict === "unknown") return verdict;
  return tellsIn({ body, fn, given }, run, project) === "tells" ? "passes" : "swallows";
}

/** `if (res.headersSent) return next(err)`: the answer is under way, which says nothing about all other errors. */
const isTooLate = (s: Stmt): boolean =>
  s.s === "if" &&
  evaluates(s.test, (e) => e.k === "mem" && /^(headersSent|headerSent|sent)$/.test(e.p ?? ""));

/** `request.log.error(...)`: the logger that a framework hangs onto each request. */
function isLogOfRequest({ callee }: Call): boolean {
  if (callee.k !== "mem" || callee.o.k !== "mem" || !/^(log|logger)$/.test(callee.o.p ?? "")) return false;
  const { o } = callee.o;
  return o.k === "id" && o.bind?.kind === "param";
}

/** `robot.log.error(...)`, where `log` is a function of the program: its levels do what it does. */
function loggerOf({ callee }: Call, fn: Fn, project: Project): Fn[] {
  if (callee.k !== "mem" || !WRITES.test(callee.p ?? "") || callee.o.k !== "mem") return [];
  const { o, p } = callee.o;
  const direct = functionsIn(callee.o, fn, project.values);
  if (direct.length > 0 || p === undefined) return direct;
  const made = o.k === "id" ? (o.bind?.values ?? []) : [];
  return made
    .flatMap((e) => (e.k === "call" ? resultOf(e, fn, project) : []))
    .flatMap((v) => project.values.member(v, p, fn.module, undefined))
    .flatMap((v) => (v.v === "fn" ? [v.fn] : []));
}

/** What a call gives of a function that is all that a CommonJS module exports. */
const resultOf = (call: Call, fn: Fn, { values }: Project): Value[] =>
  values
    .callee(call.callee, fn.module)
    .flatMap((v) => {
      const whole = v.v === "namespace" ? v.module.exports.get("=") : undefined;
      return v.v === "namespace" && whole?.kind === "value" ? values.of(whole.e, v.module) : [];
    })
    .flatMap((v) => (v.v === "fn" ? returnsOf(v.fn.body).flatMap((e) => values.of(e, v.fn.module)) : []));

/** `exception.getStatus()`. */
const asksError = ({ callee }: Call, given: readonly Binding[]): boolean =>
  callee.k === "mem" && callee.o.k === "id" && callee.o.bind !== undefined && given.includes(callee.o.bind);

const WRITES = /^(log|error|warn|fatal|info|debug|trace|captureMessage)$/;

/** Whether a function writes a line itself. */
export const logsItself = (fn: Fn): boolean =>
  callsOf(fn).some(({ callee }) => callee.k === "mem" && WRITES.test(callee.p ?? ""));

/** A `try` around a call of what the function was given: `next()`, `handler(req, res)`, `next.handle()`. */
export interface Guard {
  fn: Fn;
  attempt: Stmt & { s: "try" };
}

/** The functions of a module that run others and catch what these throw. */
export const guardsIn = (module: Module): Guard[] =>
  module.fns.flatMap((fn) =>
    attemptsIn(fn.body)
      .filter((attempt) => attempt.handler && callsIn(attempt.block, fn).some(isOfParameter))
      .map((attempt) => ({ fn, attempt })),
  );

export const attemptsIn = (body: readonly Stmt[]): (Stmt & { s: "try" })[] =>
  body.flatMap((s) => [...(s.s === "try" ? [s] : []), ...listsOf(s).flatMap(attemptsIn)]);

/** A call of a parameter of any function around it, or of a member of one. */
export function isOfParameter({ callee }: Call): boolean {
  if (callee.k === "id") return callee.bind?.kind === "param";
  if (callee.k !== "mem" || !/^(handle|apply|call|next|bind)$/.test(callee.p ?? "")) return false;
  const { o } = callee;
  return o.k === "id" ? o.bind?.kind === "param" || o.bind?.kind === "var" : o.k === "mem";
}

/** What a guard does with what it catches. */
export const verdictOfGuard = ({ fn, attempt }: Guard, run: Run, project: Project): Verdict =>
  verdictIn({ body: attempt.handler ?? [], fn, given: attempt.caught }, run, project);

/** A function with the four parameters by which express and connect know an error middleware. */
export const isErrorMiddleware = (fn: Fn): boolean =>
  fn.params.length === 4 && /^_?(e|er|err|error|ex|exc|exception)(or)?$/i.test(fn.params[0]?.[0]?.name ?? "");
