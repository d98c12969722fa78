import type { Hit } from "../flow/world.js";
import type { CallFacts } from "../knowledge/schema.js";
import type { Call, Expr } from "../syntax/ir.js";
import { areAlternatives } from "../program/branches.js";
import { limitOf } from "./limits.js";
import type { Project } from "../program/project.js";
import { isStatement } from "../ending/uncalled.js";
import { isDropped, isRaced } from "./waits.js";

type Flush = Hit & { call: Call; facts: CallFacts };

/** What OTLP exporters give a request; a provider or processor is done when its exporter is. */
const OTLP_MILLIS = 10_000;

/**
 * How long a flush that is waited for may take when the collector keeps silent, in milliseconds.
 * @returns undefined when that is not known, not bounded, or nobody waits
 */
export function millisOf(flush: Flush, project: Project): number | undefined {
  return isDropped(flush.call, flush.fn) || isRaced(flush.call, flush.fn)
    ? undefined
    : ownMillis(flush, project);
}

/** The same by its own limit alone, whatever stands around it. */
export function ownMillis(flush: Flush, project: Project): number | undefined {
  const { facts, call, fn, value } = flush;
  const { style, timeout, boundMillis } = facts;
  if (style === "sync" || style === "fire-and-forget" || style === "event" || style === "callback")
    return undefined;
  if (call.args.some((a) => a.k === "fn")) return undefined;
  const limit = timeout && limitOf(call, timeout, fn.module, project);
  if (timeout && limit && limit.value !== 0)
    return limit.value === undefined ? undefined : limit.value * (timeout.unit === "s" ? 1000 : 1);
  const part = value?.v === "member" ? value.member.cls.facts.part : undefined;
  if (part === "provider" || part === "reader" || part === "processor" || part === "exporter")
    return Math.min(OTLP_MILLIS, boundMillis ?? OTLP_MILLIS);
  return (timeout ? timeout.defaultMillis : boundMillis) ?? undefined;
}

/** Flushes of different handles that a function waits for one after the other, and how long that may take. */
export interface Sequence {
  flushes: Flush[];
  millis: number;
}

/** The longest sequence of each function; a single flush is one too. */
export function sequencesOf(flushes: readonly Flush[], project: Project): Sequence[] {
  const found: Sequence[] = [];
  const known = new Set<Call>();
  const ordered = [...flushes].sort((a, b) => a.call.at[0] - b.call.at[0]);
  for (const flush of ordered) {
    const millis = known.has(flush.call) ? undefined : millisOf(flush, project);
    known.add(flush.call);
    if (millis === undefined) continue;
    const before = found.find((s) => s.flushes.every((f) => comesAfter(f, flush)));
    if (before) {
      before.flushes.push(flush);
      before.millis += millis;
    } else found.push({ flushes: [flush], millis });
  }
  return found;
}

/** Both are awaited in statements of the same function, on the same path, and are about different handles. */
function comesAfter(a: Flush, b: Flush): boolean {
  if (a.fn !== b.fn || a.call.at[1] > b.call.at[0]) return false;
  const awaited = (f: Flush): boolean => isStatement(f.call, f.fn.body) && !isDropped(f.call, f.fn);
  if (!awaited(a) || !awaited(b) || areAlternatives(a.fn.body, a.call.at, b.call.at)) return false;
  const first = handleOf(a.call.callee);
  const second = handleOf(b.call.callee);
  return first !== undefined && second !== undefined && first !== second;
}

/** `this.tracer` of `this.tracer.forceFlush`; undefined when it is no plain name. */
function handleOf(callee: Expr): string | undefined {
  return callee.k === "mem" ? pathOf(callee.o) : undefined;
}

function pathOf(e: Expr): string | undefined {
  if (e.k === "id") return e.name;
  if (e.k === "this") return "this";
  if (e.k !== "mem" || e.p === undefined) return undefined;
  const of = pathOf(e.o);
  return of && `${of}.${e.p}`;
}
