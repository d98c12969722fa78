import type { Project } from "../../program/project.js";
import { evaluates } from "../../syntax/parts.js";
import type { Binding, Call, Expr, Module } from "../../syntax/ir.js";
import { callsIn } from "../originals.js";
import { isRead, originOf } from "../same.js";
import { calledName } from "../spans.js";

const READS = /^(?:text|json|blob|arrayBuffer|formData|bytes)$/;

/** `response.json()` and its like, of the response or of a clone. */
export function isBodyOf({ callee }: Call, answers: ReadonlySet<Binding>): boolean {
  return callee.k === "mem" && READS.test(callee.p ?? "") && holderOf(callee.o, answers) !== undefined;
}

/**
 * The response that `new Response(...)` builds again without changing anything: the same body, status and headers. What changes
 * one of them has a reason to.
 */
export function rebuilds(
  { args: [body, init] }: Call,
  answers: ReadonlySet<Binding>,
  project: Project,
  module: Module,
): Binding | undefined {
  if (!body || !init) return undefined;
  const answer = ofInit(init, answers);
  return answer && isSameBody(body, answer, project, module) ? answer : undefined;
}

/** `response`, `{ status: response.status, headers: response.headers }`. */
function ofInit(init: Expr, answers: ReadonlySet<Binding>): Binding | undefined {
  const origin = originOf(init);
  const whole = holderOf(init, answers);
  if (whole || origin.k !== "obj") return whole;
  const held = origin.props.map(({ name, value }) => {
    const read = originOf(value);
    if (read.k === "spread") return holderOf(read.e, answers);
    return read.k === "mem" && read.p === name ? holderOf(read.o, answers) : undefined;
  });
  const [answer] = held;
  return held.every((h) => h !== undefined && h === answer) ? answer : undefined;
}

/** The variable of a response, read by itself or by way of a clone. */
function holderOf(e: Expr, answers: ReadonlySet<Binding>): Binding | undefined {
  for (const x of [e, originOf(e)]) {
    if (x.k === "id" && x.bind && answers.has(x.bind)) return x.bind;
    if (x.k === "call" && x.callee.k === "mem" && x.callee.p === "clone")
      return holderOf(x.callee.o, answers);
  }
  return undefined;
}

/**
 * The body as it stands, what was read from it and not written again, or, in a file that records telemetry, a stream that counts what
 * goes by.
 */
function isSameBody(body: Expr, answer: Binding, project: Project, module: Module): boolean {
  const answers = new Set([answer]);
  const isStream = (e: Expr): boolean =>
    e.k === "mem" && e.p === "body" && holderOf(e.o, answers) !== undefined;
  const read = originOf(body);
  if (isStream(read)) return true;
  if (read.k === "cond") return [read.then, read.else].some((e) => isSameBody(e, answer, project, module));
  if (read.k === "await") return readsAsIs(read.e, answers);
  if (read.k === "id") return readBy(read, module).some((e) => readsAsIs(e, answers));
  if (read.k === "mem")
    return evaluates(
      read,
      (e) => e.k === "call" && e.callee.k === "mem" && e.callee.p === "tee" && isStream(originOf(e.callee.o)),
    );
  if (read.k !== "call") return false;
  const streams = [...read.args, ...(read.callee.k === "mem" ? [read.callee.o] : [])];
  if (!streams.some((e) => isStream(originOf(e)))) return false;
  return project.index.scan(module.file).telemetry || passesOn(read.args[0]);
}

/** `new TransformStream({ transform(chunk, controller) { controller.enqueue(chunk) } })`: what comes in goes out. */
function passesOn(through: Expr | undefined): boolean {
  const stream = through && originOf(through);
  if (stream?.k !== "call" || !stream.isNew || calledName(stream) !== "TransformStream") return false;
  const [how] = stream.args;
  const transform = how?.k === "obj" ? how.props.find((p) => p.name === "transform")?.value : undefined;
  if (transform?.k !== "fn") return false;
  const [chunk] = transform.fn.params[0] ?? [];
  const sent = callsIn(transform.fn).filter((call) => calledName(call) === "enqueue");
  return chunk !== undefined && sent.length > 0 && sent.every(({ args: [e] }) => e && isRead(e, chunk));
}

/** What `json()` gives is written anew by `JSON.stringify()`. */
const readsAsIs = (e: Expr, answers: ReadonlySet<Binding>): boolean =>
  e.k === "call" && isBodyOf(e, answers) && calledName(e) !== "json";

/** The promises whose values are handed to the function that has this parameter: `response.text().then((text) => ...)`. */
const readBy = ({ bind }: Expr & { k: "id" }, module: Module): Expr[] =>
  module.calls.flatMap(({ call: { callee, args } }) => {
    const [then] = args;
    const takes = then?.k === "fn" && then.fn.params[0]?.[0] === bind && bind?.values.length === 0;
    return takes && callee.k === "mem" && callee.p === "then" ? [callee.o] : [];
  });
