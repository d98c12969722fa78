import type { Hit } from "../flow/world.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Call, Expr } from "../syntax/ir.js";
import { isWrapperOfSentry, liveInvocations, type LiveInvocation } from "./live.js";
import { callsOf } from "../program/reach.js";
import { broken } from "./unflushed.js";

/** A flush is started in an invocation, and neither the function nor the platform waits for it. */
export function floatingInInvocation(project: Project): ChainBreak[] {
  const found = new Map<Call, ChainBreak>();
  for (const live of liveInvocations(project))
    for (const hit of live.own.hits) {
      const flush = hit.kind === "floating" && hit.dropped === "statement" ? flushOf(hit, live) : undefined;
      if (!flush || !hit.call || found.has(hit.call)) continue;
      if (answersBehind(hit.call) || isWaitedLater(hit, live) || isCoveredByWrapper(hit, flush, live))
        continue;
      const place = { fn: hit.fn, at: hit.call.at, call: hit.call };
      found.set(hit.call, broken("floating-flush", flush, place, live));
    }
  return [...found.values()];
}

const CHAIN = /^(?:then|catch|finally)$/;

/** `flush().then(x).catch(y)`: the call whose promise the chain hangs on. */
function baseOf(call: Call): Call {
  const { callee } = call;
  return callee.k === "mem" && CHAIN.test(callee.p ?? "") && callee.o.k === "call" ? baseOf(callee.o) : call;
}

/** `flush().then(() => res.end())`: the answer itself comes behind it. */
function answersBehind(call: Call): boolean {
  const { callee } = call;
  if (callee.k !== "mem" || !CHAIN.test(callee.p ?? "") || callee.o.k !== "call") return false;
  return (
    call.args.some((a) => (a.k === "fn" ? callsOf(a.fn).some((c) => !isLog(c)) : !isLogged(a))) ||
    answersBehind(callee.o)
  );
}

const isLogged = (e: Expr): boolean =>
  e.k === "mem" && e.o.k === "id" && /^(?:console|log(?:ger)?)$/.test(e.o.name);

const isLog = ({ callee }: Call): boolean => isLogged(callee);

/**
 * The flush of an SDK that a dropped promise is: the call itself, or what a function of the program does that is called here. What is
 * handed a function may run it at any time, and wait for it.
 */
function flushOf(hit: Hit, { own }: LiveInvocation): Hit | undefined {
  const base = hit.call && baseOf(hit.call);
  return own.hits.find(
    (h) =>
      h.kind === "flush" &&
      h.vendor !== undefined &&
      h.vendor.buffering !== "none" &&
      h.facts?.style !== "sync" &&
      (h.call === base || isCalledBelow(h, base)),
  );
}

/** The flush is called by what `base` calls; what is handed to a call in between, to `after(() => flush())`, is in its hands. */
function isCalledBelow({ stack }: Hit, base: Call | undefined): boolean {
  const from = stack.findIndex((s) => s.call === base && s.as === "call");
  return from >= 0 && stack.slice(from).every((s) => s.as === "call");
}

/** Another flush of the same vendor is waited for in the same function, further down. */
const isWaitedLater = (hit: Hit, { own }: LiveInvocation): boolean =>
  own.hits.some(
    (h) =>
      h.kind === "flush" &&
      h.fn === hit.fn &&
      h.at[0] > hit.at[1] &&
      !own.hits.some((f) => f.kind === "floating" && f.call === h.call),
  );

/** A wrapper of the SDK flushes when the function has answered: what it covers is not lost, a callback that runs later is not covered. */
function isCoveredByWrapper(hit: Hit, flush: Hit, { program, invocation }: LiveInvocation): boolean {
  const name = flush.vendor?.name ?? "";
  const wrapped =
    invocation.waits.includes(name) || (name === "Sentry" && program.hits.some(isWrapperOfSentry));
  return wrapped && !hit.stack.some((s) => s.as === "listener" || s.as === "callback");
}
