import { errorCaptures } from "../../knowledge/spans.js";
import type { MiddlewareFacts } from "../../knowledge/middleware.js";
import type { Project } from "../../program/project.js";
import type { Call, Expr, Fn, Module, Span, Stmt } from "../../syntax/ir.js";
import { evaluates, expressionsOf } from "../../syntax/parts.js";
import { evaluate, type Place, placeOf, useOf } from "./after.js";
import { isWithin } from "../links.js";
import { type Middleware, middlewareOf } from "./middleware.js";
import { calledName, carriersOf, endedBy, endsItself } from "../spans.js";

/**
 * How the end of `next()` is missed. `dropped`: nobody waits for it, and the code behind it does its work too early; `alone`: the
 * same, with nothing behind it. `kept`: it is in a variable that nobody awaits before the span ends. `returned`: returned out of a
 * `try` whose `finally` or `catch` runs before it is settled. `carrier`: a call that runs it in a callback is dropped.
 * `empty`: awaited, or kept, though it gives nothing to wait for.
 */
export type Miss = "dropped" | "alone" | "kept" | "returned" | "carrier" | "empty";

export interface Missed {
  miss: Miss;
  /** The call that should be waited for, and the function in which it stands. */
  call: Call;
  fn: Fn;
  middleware: Middleware;
  /** What comes too early, where it stands in the same function. */
  early: Early | undefined;
  /** It may be meant: the span is that of the middleware alone, or no telemetry is behind it. */
  unsure: boolean;
}

/** `span`: a span ends. `answer`: the answer is read. `time`: time is taken. `error`: a `catch` waits for an error to tell of. */
export interface Early {
  what: "span" | "answer" | "time" | "error";
  at: Span;
}

/** Every `next()` of a module whose end is missed. */
export function missedIn(module: Module, project: Project): Missed[] {
  return module.calls.flatMap(({ call, fn }) => {
    const next = !call.isNew && call.callee.k === "id" ? call.callee.bind : undefined;
    if (!next?.param || next.kind !== "param") return [];
    const known: { middleware?: Middleware | undefined } = {};
    const middleware = (): Middleware | undefined => {
      if (!("middleware" in known)) known.middleware = middlewareOf(next, project);
      return known.middleware && isWithin(fn, known.middleware.fn) ? known.middleware : undefined;
    };
    return missedFrom(call, fn, middleware, false);
  });
}

function missedFrom(
  call: Call,
  fn: Fn,
  middleware: () => Middleware | undefined,
  carries: boolean,
): Missed[] {
  const place = placeOf(call, fn);
  const use = place && wayOf(call, place);
  if (!place || !use) return [];
  const found = middleware();
  if (!found) return [];
  const seen = { call, fn, middleware: found, unsure: false };
  if (found.facts.gives === "nothing") {
    const early = carries ? undefined : tooEarlyFor(use, place, fn, found);
    return early ? [{ ...seen, miss: "empty", ...early }] : [];
  }
  if (use === "dropped") {
    if (carries) return waits(place.after) ? [] : [{ ...seen, miss: "carrier", early: undefined }];
    const early = earlyIn(place.after, fn.module, found) ?? ownEnd(fn);
    if (early) return [{ ...seen, miss: "dropped", early }];
    return fn === found.fn && !waits(place.after) ? [{ ...seen, miss: "alone", early, unsure: true }] : [];
  }
  if (use === "kept") {
    const early = waits(place.after) ? undefined : spanIn(place.after, fn.module);
    return early && !isChained(place) ? [{ ...seen, miss: "kept", early }] : [];
  }
  if (use === "returned") {
    const early = missedByTry(place, fn.module, found);
    if (early)
      return [{ ...seen, miss: "returned", early, unsure: !carries && measuresOther(place, call, fn) }];
  } else if (!fn.async) return [];
  if (fn === found.fn) return [];
  return carriersOf(fn).flatMap((carrier) => {
    const at = fn.module.calls.find((c) => c.call === carrier);
    return at && isWithin(at.fn, found.fn) ? missedFrom(carrier, at.fn, middleware, true) : [];
  });
}

/** What is done with the value of a call, as far as it matters here. */
function wayOf(call: Call, place: Place): "dropped" | "kept" | "returned" | "awaited" | undefined {
  const { statement } = place;
  if (expressionsOf(statement).some((e) => evaluates(e, (x) => x.k === "await" && x.e === call)))
    return "awaited";
  if (statement.s === "expr" && statement.e.k === "set" && statement.e.e === call) return "kept";
  return useOf(call, place);
}

/** Something is done with the promise in a variable before the function is over, other than to return it. */
function isChained({ statement, after }: Place): boolean {
  const to = statement.s === "expr" && statement.e.k === "set" ? statement.e.to : undefined;
  const bind = to?.k === "id" ? to.bind : undefined;
  if (!bind) return true;
  const returned = after.some((s) => s.s === "return" && s.e?.k === "id" && s.e.bind === bind);
  return bind.uses.length > (returned ? 1 : 0);
}

const waits = (body: readonly Stmt[]): boolean => evaluate(body, (e) => e.k === "await");

/**
 * Where `next()` gives nothing: somebody awaits it, or returns it as if it were a promise, and ends the span behind it, or reads
 * an answer that is not there yet.
 */
function tooEarlyFor(
  use: string,
  place: Place,
  fn: Fn,
  { fn: outer, facts }: Middleware,
): Pick<Missed, "early" | "unsure"> | undefined {
  const span = spanIn(place.after, fn.module);
  const answer = answerIn(place.after, outer, facts);
  if (use === "awaited" && (span ?? answer)) return { early: span ?? answer, unsure: false };
  if (!span || (use === "kept" && isChained(place))) return undefined;
  if (use === "kept" || use === "dropped") return { early: span, unsure: use === "dropped" && !answer };
  return undefined;
}

/** A span that ends, the answer that is read, or time that is taken in statements. */
const earlyIn = (body: readonly Stmt[], module: Module, { fn, facts }: Middleware): Early | undefined =>
  spanIn(body, module) ?? answerIn(body, fn, facts) ?? timeIn(body);

/** The function is run by something that ends a span when it is over. */
const ownEnd = (fn: Fn): Early | undefined => (endsItself(fn) ? { what: "span", at: fn.at } : undefined);

function missedByTry(place: Place, module: Module, middleware: Middleware): Early | undefined {
  for (const { finalizer, handler } of place.attempts) {
    const early = earlyIn(finalizer ?? [], module, middleware);
    if (early) return early;
    if (!handler || !middleware.facts.catches) continue;
    const capture = first(handler, (e) => e.k === "call" && errorCaptures.has(calledName(e) ?? ""));
    if (capture) return { what: "error", at: capture };
  }
  return undefined;
}

/**
 * A span that nobody made the current one, around work of the middleware that is awaited before `next()`: it may be the span of
 * that work.
 */
function measuresOther({ attempts }: Place, next: Call, { module }: Fn): boolean {
  let worked = false;
  let inactive = false;
  for (const { block, finalizer = [] } of attempts) {
    evaluate(block, (e) => (worked ||= e.k === "await" && e.at[1] <= next.at[0]));
    evaluate(finalizer, (e) => {
      const span = endedBy(e, module);
      return (inactive ||= span?.k === "id" && span.bind?.kind !== "param");
    });
  }
  return worked && inactive;
}

function spanIn(body: readonly Stmt[], module: Module): Early | undefined {
  const at = first(body, (e) => endedBy(e, module) !== undefined);
  return at && { what: "span", at };
}

function answerIn(body: readonly Stmt[], outer: Fn, { answer }: MiddlewareFacts): Early | undefined {
  if (!answer) return undefined;
  const holder = outer.params[answer.parameter]?.[0];
  const written = new Set<Expr>();
  const at = first(body, (e) => {
    if (e.k === "set") written.add(e.to);
    return (
      e.k === "mem" &&
      !written.has(e) &&
      e.o.k === "id" &&
      holder !== undefined &&
      e.o.bind === holder &&
      answer.members.includes(e.p ?? "")
    );
  });
  return at && { what: "answer", at };
}

const CLOCKS: Readonly<Record<string, RegExp>> = {
  Date: /^now$/,
  performance: /^now$/,
  process: /^hrtime$/,
};

function timeIn(body: readonly Stmt[]): Early | undefined {
  const at = first(
    body,
    (e) =>
      e.k === "mem" && e.o.k === "id" && e.o.bind === undefined && CLOCKS[e.o.name]?.test(e.p ?? "") === true,
  );
  return at && { what: "time", at };
}

/** Where such an expression is evaluated first. */
function first(body: readonly Stmt[], wanted: (e: Expr) => boolean): Span | undefined {
  let at: Span | undefined;
  evaluate(body, (e) => {
    if (!at && wanted(e)) at = e.at;
    return at !== undefined;
  });
  return at;
}
