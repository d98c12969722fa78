import type { Binding, Call, Expr, Fn } from "../syntax/ir.js";
import { evaluates, expressionsOf, listsOf } from "../syntax/parts.js";
import type { Stmt } from "../syntax/ir.js";
import { bridgesLogs } from "../program/log-bridges.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { reachOf } from "../program/reach.js";
import { throws } from "./rejecting.js";

/**
 * What a function does with a failure that it is given. `tells`: it comes to a capture of an SDK, throws it on, or hands it to
 * somebody. `unknown`: it calls what may do so. `swallows`: it logs at most.
 */
export type Telling = "tells" | "unknown" | "swallows";

/** What a `catch` callback, a listener or a hook does with the error that it is given. */
export const tellsOf = (fn: Fn, run: Run, project: Project): Telling =>
  tellsIn({ body: fn.body, fn, given: fn.params.flat() }, run, project);

/** A piece of a function that deals with a failure: a whole function, or the handler of a `try`. */
export interface Handling {
  body: readonly Stmt[];
  fn: Fn;
  /** What holds the error. */
  given: readonly Binding[];
}

/** Like `tellsOf`, for a part of a function. */
export function tellsIn({ body, fn, given }: Handling, run: Run, project: Project): Telling {
  const calls = callsIn(body, fn);
  const passedOn =
    throws(body) ||
    // from a timer, where it is an uncaught exception
    calls.some((c) => handsOn(c, given) || c.args.some((a) => a.k === "fn" && throws(a.fn.body))) ||
    givesBack(body, given);
  return passedOn ? "tells" : speaksIn(body, fn, run, project);
}

/** Whether these statements come to a capture, or to what may be one, whatever else they do with the failure. */
export const speaks = ({ body, fn }: Handling, run: Run, project: Project): boolean =>
  speaksIn(body, fn, run, project) !== "swallows";

function speaksIn(body: readonly Stmt[], fn: Fn, run: Run, project: Project): Telling {
  const calls = callsIn(body, fn);
  const reached = [
    ...calls.map((call) => ({ call, fn })),
    ...reachOf(followed(calls, fn, project), project.values),
  ];
  let telling: Telling = "swallows";
  for (const r of reached) {
    const one = tellsCall(r.call, r.fn, run, project);
    if (one === "tells") return "tells";
    if (one === "unknown") telling = "unknown";
  }
  return telling;
}

/** The calls that stand in these statements, those in functions inside them left out. */
export const callsIn = (body: readonly Stmt[], fn: Fn): Call[] =>
  fn.module.calls.flatMap(({ call, fn: home }) =>
    home === fn && body.some((s) => s.at[0] <= call.at[0] && call.at[1] <= s.at[1]) ? [call] : [],
  );

/** The functions of the program that calls lead into: called, or handed in. */
const followed = (calls: readonly Call[], fn: Fn, project: Project): Fn[] =>
  calls.flatMap((c) => [
    ...(c.callee.k === "fn" ? [c.callee.fn] : []),
    ...project.values.callee(c.callee, fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : [])),
    ...c.args.flatMap((a) => (a.k === "fn" ? [a.fn] : [])),
  ]);

/** `reject(error)`, `next(error)`, `done(error)`: the error is somebody else's now. */
function handsOn({ callee, args }: Call, given: readonly Binding[]): boolean {
  const toParameter = callee.k === "id" && callee.bind?.kind === "param";
  const rejects = callee.k === "mem" && callee.p === "reject";
  return (toParameter || rejects) && args.some((a) => mentions(a, given));
}

/** It is the value of the function: `return { error }`, `return Promise.reject(error)`. */
const givesBack = (body: readonly Stmt[], given: readonly Binding[]): boolean =>
  body.some(
    (s) =>
      (s.s === "return" && s.e !== undefined && s.e.k !== "call" && mentions(s.e, given)) ||
      listsOf(s).some((l) => givesBack(l, given)),
  );

const mentions = (e: Expr, given: readonly Binding[]): boolean =>
  evaluates(e, (x) => x.k === "id" && x.bind !== undefined && given.includes(x.bind));

/** By its words it may be just the telling. Names never make a finding. */
const MAY_TELL =
  /capture|report|notify|noti(fy|ce)|record|track|sentry|raven|bugsnag|rollbar|honeybadger|airbrake|datadog|newrelic|exception|alert|slack|discord|webhook|pager|opsgenie|telemetry|incident|emit|publish|dispatch|handle|onerror|error_?handler|apm|monitor/i;

const ERROR = /^(e|er|err|error|ex|exc|exception|reason)$/i;

const SPEAKS = /capture|report|notify|alert|sentry|bugsnag|rollbar|slack|discord|pager|incident/i;

/** It leaves the process: a request, a mail, a message to the parent or to another process. */
const SENDS =
  /^(globalThis\.)?(fetch|axios|got|ky)\b|\.(sendMail|postMessage)$|^(process|parent|child|worker|cluster\.worker)\.send$/;

/** Names of what writes lines. */
const LOGGER = /^(console|log|logger|logging|winston|pino|bunyan|debug|signale|consola|tslog|ora|spinner)$/i;
const LOG_METHOD =
  /^(log|error|fatal|warn|warning|info|debug|trace|critical|verbose|silly|fail|crit|emerg|dir|write|success)$/;

/** What one call does with a failure, as far as it shows. */
export function tellsCall(call: Call, fn: Fn, run: Run, project: Project): Telling {
  const { callee } = call;
  const values = project.values.callee(callee, fn.module);
  for (const v of values) {
    const facts =
      v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
    if (facts?.role === "capture")
      return isLog(v.v === "member" ? v.member.cls.facts.part : undefined) ? logs(run, project) : "tells";
    if (facts) return "swallows";
  }
  const names = namesOf(callee);
  const own = names.at(-1) ?? "";
  // what the program shows is followed, but a way to tell people may be made of anything
  if (values.some((v) => v.v === "fn")) return SPEAKS.test(own) ? "unknown" : "swallows";
  if (values.some((v) => v.v === "exit" || v.v === "class")) return "swallows";
  if (SENDS.test(names.join("."))) return "unknown";
  if (SETS.test(own)) return "swallows";
  if (values.some((v) => v.v === "global" && /^(globalThis\.)?console\./.test(v.path)))
    return logs(run, project, true);
  const logger = names.slice(0, -1).some((n) => LOGGER.test(n)) && LOG_METHOD.test(own);
  if (LOG_METHOD.test(own) && isPublishedLogger(callee, fn, project)) return logs(run, project);
  if (logger || (names.length === 1 && LOGGER.test(own))) {
    // a logger that others publish writes lines; one of the program's own may do more
    const published = values.some((v) => v.v === "package" && !/^[.#~]|^@\//.test(v.specifier));
    return published ? logs(run, project) : "unknown";
  }
  // a question to the error itself tells nobody
  const speaking = names.filter((n, i) => i === names.length - 1 || !ERROR.test(n));
  return MAY_TELL.test(speaking.join(".")) ? "unknown" : "swallows";
}

/** What only prepares the next report. */
const SETS =
  /^((add|leave)Breadcrumb|set(Tag|Tags|Context|Extra|Extras|User|Fingerprint|Level|Attribute|Attributes|Status))$/;

/** Made by pino, winston or their kin. */
const isPublishedLogger = (callee: Expr, fn: Fn, project: Project): boolean =>
  callee.k === "mem" &&
  project.values
    .of(callee.o, fn.module)
    .some((v) => v.v === "sdk" && v.sdk.is === "handle" && v.sdk.cls.facts.part === "logger");

const isLog = (part: string | undefined): boolean => part === "logger" || part === "transport";

/** A line reaches telemetry only where the program's logger is bridged to it. */
const logs = (run: Run, project: Project, console = false): Telling =>
  bridgesLogs(run, project, console) ? "unknown" : "swallows";

function namesOf(callee: Expr): string[] {
  const names: string[] = [];
  let e = callee;
  for (; e.k === "mem" || e.k === "call"; e = e.k === "mem" ? e.o : e.callee)
    if (e.k === "mem") names.unshift(e.p ?? "");
  if (e.k === "id") names.unshift(e.name);
  if (e.k === "this") names.unshift("this");
  return names;
}

/** Whether a function uses any of its parameters, or what a `catch` binds. */
export const usesAny = (bindings: readonly Binding[]): boolean => bindings.some((b) => b.uses.length > 0);

/** Statements of a body that evaluate something. */
export const doesAnything = (body: readonly Stmt[]): boolean =>
  body.some((s) => expressionsOf(s).length > 0 || listsOf(s).some(doesAnything));
