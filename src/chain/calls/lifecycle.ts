import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Fn, Span } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { modulesSaying } from "../modules.js";
import { headOf } from "../wrapping/heads.js";
import { isOwnedElsewhere } from "../wrapping/owners.js";
import { written } from "../wrapping/places.js";
import { reachOf } from "../wrapping/reaching.js";
import { type Wrapper, wrappersIn } from "../wrapping/wrappers.js";

/**
 * A wrapper around a processor or exporter does not hand on `shutdown` or `forceFlush`. `names`: what kind it is, what is wrapped as
 * it is written in it, then the methods that do not reach it. `call`: the one that hands it data. At the head of a class the methods
 * are missing.
 */
export const lifecycle: Check = {
  id: "lifecycle",
  summary: "A wrapper around a processor or exporter does not hand on `shutdown` or `forceFlush`.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.lifecycle, project).flatMap((module) =>
      wrappersIn(module, project).flatMap((wrapper) => breaksOf(wrapper, project)),
    ),
  message: ({ names: [noun = "", inner = "", ...methods], parts: [many] = [] }) => {
    const says = methods.map((name) => `\`${name}\``).join(" and ");
    const harm = methods.some((name) => /shutdown/i.test(name))
      ? "what that still holds or sends when telemetry shuts down is lost, and it is never closed"
      : "a flush of the provider sends nothing of what that holds";
    return `${says} of this ${noun} ${methods.length > 1 ? "do" : "does"} not reach ${many ? "the ones in " : ""}\`${inner}\`, to which it hands its data: ${harm}. Hand the call on, and return its promise.`;
  },
};

function breaksOf(wrapper: Wrapper, project: Project): ChainBreak[] {
  const { facts, inner, call } = wrapper;
  const all = [facts.closes, facts.flushes].map((name) => ({ name, method: wrapper.method(name) }));
  const fns = all.flatMap(({ method }) => (typeof method === "object" ? [method] : []));
  // what hands data on in another way than it was handed it has no flush to hand on
  const isAlike = call.callee.k === "mem" && call.callee.p === facts.takes;
  const dead = (isAlike ? all : all.slice(0, 1)).filter(
    ({ method }) => method !== "else" && (!method || reachOf(method, wrapper) === "nothing"),
  );
  if (dead.length === 0 || isOwnedElsewhere(wrapper, fns, project)) return [];
  const places = new Map<string, { at: Span; fn: Fn; names: string[] }>();
  for (const { name, method } of dead) {
    const place = placeFor(name, method, wrapper);
    const known = places.get(String(place.at[0]));
    if (known) known.names.push(name);
    else places.set(String(place.at[0]), { ...place, names: [name] });
  }
  return [...places.values()].map(({ at, fn, names }) => ({
    ...{ kind: "chain-break", check: lifecycle.id, fn, at, call },
    names: [facts.noun, written(inner), ...names],
    parts: inner.many ? [call] : [],
    ...weightOf(names, isAlike, wrapper),
  }));
}

/** A flush of an exporter matters little, and its end less than that of a processor. */
function weightOf(
  names: readonly string[],
  isAlike: boolean,
  { facts }: Wrapper,
): Pick<ChainBreak, "level" | "strict"> {
  if (facts.flush === "data" && isAlike) return {};
  return names.every((name) => name === facts.flushes)
    ? { level: "note", strict: true }
    : { level: "warning" };
}

/** The head of a method, or that of the class or object that has none of its own. */
function placeFor(name: string, method: Fn | "else" | undefined, wrapper: Wrapper): { at: Span; fn: Fn } {
  const { cls, obj, at, fn } = wrapper;
  if (typeof method === "object" && (obj || cls?.members.get(name)?.fn === method))
    return { at: headOf(method, name, cls), fn: method };
  return { at: [at[0], at[0] + 1], fn };
}
