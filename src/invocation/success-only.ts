import { has, State } from "../flow/state.js";
import type { Hit } from "../flow/world.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Fn, Span, Stmt } from "../syntax/ir.js";
import { fateOf } from "./fate.js";
import { liveInvocations } from "./live.js";
import { broken, placeOf } from "./unflushed.js";

/**
 * The invocation flushes when all goes well, and captures a failure in a `catch` that throws again, or answers, before that flush:
 * the very errors are lost.
 */
export function successOnly(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const live of liveInvocations(project)) {
    const { own } = live;
    if (!has(own.ended | own.failed, State.Captured) || !own.hits.some((h) => h.kind === "flush")) continue;
    for (const hit of own.hits) {
      const fate = hit.kind === "capture" && !hit.inTimer ? fateOf(hit, live, project) : undefined;
      if (!fate) continue;
      const place = placeOf(hit);
      const around = handlerAround(place.fn, place.at);
      if (!around || !leaves(around.handler) || around.finalized) continue;
      if (isFlushedWithin(own.hits, place.fn, around.at) || isHelperOfFlusher(hit, own.hits)) continue;
      const flush = own.hits.find((h) => h.kind === "flush" && h.vendor === hit.vendor && h.fn === place.fn);
      if (!flush) continue;
      const key = `${place.fn.module.file}:${String(place.at[0])}`;
      const one = broken("success-only", hit, place, live, fate.strict);
      const others = [
        ...(one.others ?? []),
        { fn: flush.fn, at: flush.at, message: "only the other path comes to this flush" },
      ];
      if (!found.has(key)) found.set(key, { ...one, others });
    }
  }
  return [...found.values()];
}

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

interface Around {
  handler: Stmt[];
  at: Span;
  /** A `finally` of this `try`, or of one around it, runs whatever happens. */
  finalized: boolean;
}

/** The innermost `catch` clause of a function around a place. */
function handlerAround(fn: Fn, at: Span): Around | undefined {
  let found: Around | undefined;
  const look = (body: readonly Stmt[], finalized: boolean): void => {
    for (const s of body) {
      if (!within(at, s.at)) continue;
      switch (s.s) {
        case "try": {
          const has = finalized || s.finalizer !== undefined;
          if (s.handler && s.handlerAt && within(at, s.handlerAt)) {
            found = { handler: s.handler, at: s.handlerAt, finalized: has };
            look(s.handler, has);
          } else {
            look(s.block, has);
            look(s.finalizer ?? [], finalized);
          }
          break;
        }
        case "if":
          look(s.then, finalized);
          look(s.else ?? [], finalized);
          break;
        case "loop":
        case "label":
        case "block":
          look(s.body, finalized);
          break;
        case "switch":
          for (const c of s.cases) look(c.body, finalized);
      }
    }
  };
  look(fn.body, false);
  return found;
}

/** Its last statement throws or returns: what follows the `try` is not reached. */
function leaves(handler: readonly Stmt[]): boolean {
  const last = handler.at(-1);
  return last?.s === "throw" || last?.s === "return";
}

const isFlushedWithin = (hits: readonly Hit[], fn: Fn, at: Span): boolean =>
  hits.some(
    (h) =>
      h.kind === "flush" &&
      ((h.fn === fn && within(h.at, at)) ||
        h.stack.some((s, i) => s.call && h.stack[i - 1]?.fn === fn && within(s.call.at, at))),
  );

/** The function that captures also flushes. */
const isHelperOfFlusher = (hit: Hit, hits: readonly Hit[]): boolean =>
  hit.stack.length > 1 && hits.some((h) => h.kind === "flush" && h.fn === hit.fn);
