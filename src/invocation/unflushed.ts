import { has, State } from "../flow/state.js";
import type { Hit, Step } from "../flow/world.js";
import { platforms } from "../knowledge/invocations.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Call, Fn, Span } from "../syntax/ir.js";
import { dependsOnArgument, waitsBehind } from "./tail.js";
import { fateOf, type Fate } from "./fate.js";
import { isFrozenAfter, liveInvocations, type LiveInvocation } from "./live.js";

/** Something is captured in an invocation, and no path of it flushes: one finding for each place that could wait. */
export function unflushed(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const live of liveInvocations(project)) {
    const { own } = live;
    if (!has(own.ended | own.failed, State.Captured) || flushesSomehow(live)) continue;
    for (const { hit, fate } of lostIn(live, project)) {
      const place = placeOf(hit);
      const key = `${place.fn.module.file}:${String(place.at[0])}`;
      if (found.has(key)) continue;
      const others = live.own.hits.filter((h) => h.kind === "capture" && h.vendor === hit.vendor);
      const parts = others.map(placeOf).filter((p) => p.fn === place.fn);
      found.set(key, {
        ...broken("unflushed", hit, place, live, fate.strict),
        parts: parts.map((p) => p.call),
      });
    }
  }
  return [...found.values()];
}

/** Something flushes on some path, be it only by its name. */
const flushesSomehow = ({ own }: LiveInvocation): boolean =>
  has(own.ended | own.failed, State.Flushed | State.Closing) || own.hits.some((h) => h.kind === "flush");

/** The captures of an invocation that are lost when nobody waits: one for each vendor and function that could wait. */
function lostIn(live: LiveInvocation, project: Project): { hit: Hit; fate: Fate }[] {
  const found = new Map<string, { hit: Hit; fate: Fate }>();
  for (const hit of live.own.hits) {
    const fate = hit.kind === "capture" && !hit.inTimer ? fateOf(hit, live, project) : undefined;
    if (!fate) continue;
    const { fn } = placeOf(hit);
    if (fate.atFreeze === "in-flight" && waitsBehind(hit)) continue;
    if (dependsOnArgument(hit, fn)) continue;
    const key = `${fn.module.file}:${String(fn.id)}:${hit.vendor?.name ?? ""}`;
    const known = found.get(key);
    // the flush goes below the last of them
    if (!known || placeOf(known.hit).at[0] < placeOf(hit).at[0]) found.set(key, { hit, fate });
  }
  return [...found.values()];
}

export interface Place {
  fn: Fn;
  at: Span;
  call: Call;
}

/** The innermost call on the way to a hit that stands in a function which can wait; else in the invocation itself. */
export function placeOf(hit: Hit): Place {
  const steps: { fn: Fn; call: Call | undefined }[] = hit.stack.map((step: Step, i) => ({
    fn: step.fn,
    call: hit.stack[i + 1]?.call ?? hit.call,
  }));
  const last = steps.length - 1;
  const at = steps.findLastIndex(({ fn, call }, i) => call !== undefined && (fn.async || i === 0));
  const { fn, call } = steps[Math.max(at, 0)] ?? steps[last] ?? { fn: hit.fn, call: hit.call };
  const chosen = call ?? (hit.call as Call);
  return { fn, at: chosen.at, call: chosen };
}

/** @param strict said only where people ask for everything, whatever the platform does */
export function broken(
  check: string,
  hit: Hit,
  place: Place,
  live: LiveInvocation,
  strict = false,
): ChainBreak {
  const { invocation, program } = live;
  const platform = platforms[invocation.platform];
  const start = hit.vendor && program.started.get(hit.vendor);
  const others = [
    ...(start
      ? [{ fn: start.fn, at: start.at, message: `${hit.vendor?.name ?? "it"} is started here` }]
      : []),
    { fn: invocation.fn, at: headOf(invocation.fn), message: `${platform.name} runs this for each event` },
    ...(hit.call && hit.call !== place.call
      ? [{ fn: hit.fn, at: hit.call.at, message: "it is captured here" }]
      : []),
  ];
  return {
    kind: "chain-break",
    check,
    fn: place.fn,
    at: place.at,
    call: place.call,
    names: [hit.vendor?.name ?? "the SDK", platform.name, platform.then],
    others,
    ...(isFrozenAfter(invocation) && !strict ? {} : { strict: true }),
  };
}

/** What a finding of this rule is about, for its repair: the same question asked again. */
export function lossAt(
  { check, call }: Pick<ChainBreak, "check" | "call">,
  project: Project,
): { live: LiveInvocation; hit: Hit } | undefined {
  for (const live of liveInvocations(project))
    for (const hit of live.own.hits) {
      const isIt =
        check === "unflushed" || check === "success-only"
          ? hit.kind === "capture" && placeOf(hit).call === call
          : hit.kind === "flush" &&
            (hit.call === call ||
              (call && within(hit.call?.at ?? [0, 0], call.at)) ||
              hit.stack.some((s) => s.call === call));
      if (isIt) return { live, hit };
    }
  return undefined;
}

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

/** Where a function begins, without its body. */
export const headOf = (fn: Fn): Span => [fn.at[0], Math.max(fn.at[0] + 1, Math.min(fn.bodyAt[0], fn.at[1]))];
