import type { Hit } from "../flow/world.js";
import type { CallFacts } from "../knowledge/schema.js";
import type { Call, Expr, Fn, Span } from "../syntax/ir.js";
import { limitOf } from "./limits.js";
import type { Project } from "../program/project.js";
import { callsOf } from "../program/reach.js";
import { isStatement } from "../ending/uncalled.js";

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

/** A hit that the tables say something of. */
export const isFlush = (h: Hit): h is Hit & { call: Call; facts: CallFacts } =>
  h.kind === "flush" && h.call !== undefined && h.facts !== undefined;

/** The statement of its own that a call is: nobody waits for it. */
export const isDropped = (call: Call, fn: Fn): boolean => isStatement(call, fn.body, false);

/** It has no limit of its own and is given none, as far as the tables know. */
export function waitsForever(
  h: Hit & { call: Call; facts: CallFacts },
  project: Project,
  strict: boolean,
): boolean {
  const { timeout, style, boundMillis } = h.facts;
  const told = style === "callback" || h.call.args.some((a) => a.k === "fn");
  const endless = timeout ? timeout.defaultMillis === null : boundMillis === null && (strict || !told);
  if (!endless || style === "sync" || style === "fire-and-forget") return false;
  const limit = timeout && limitOf(h.call, timeout, h.fn.module, project);

  // zero is no limit at all to those who have none by default
  if (limit && limit.value !== 0) return false;
  const part = h.value?.v === "member" ? h.value.member.cls.facts.part : undefined;
  // what OTLP exporters send is bounded by them
  return strict || (part !== "provider" && part !== "reader" && part !== "processor" && part !== "exporter");
}

const RACES = /race|timeout|deadline|within|limit|bound|abort/i;

export const nameOf = ({ callee }: Call): string =>
  callee.k === "mem" ? (callee.p ?? "") : callee.k === "id" ? callee.name : "";

/** By its name it bounds what it is given. */
export const isRace = (call: Call): boolean => RACES.test(nameOf(call)) && !/^set/.test(nameOf(call));

/** Stands among the arguments of a race, or of something that by its name bounds what it is given. */
export const isRaced = (call: Call, fn: Fn): boolean =>
  fn.module.calls.some((c) => c.call !== call && isRace(c.call) && within(call.at, c.call.at)) ||
  isRacedByName(call, fn);

/** `atMost(5000, () => stop())`: a function of the program that races what it is given. */
export const racesInside = (call: Call, fn: Fn, project: Project): boolean =>
  call.args.length > 0 &&
  project.values
    .callee(call.callee, fn.module)
    .some((v) => v.v === "fn" && callsOf(v.fn).some((c) => nameOf(c) === "race"));

/** `const closing = sdk.close(); await Promise.race([closing, timer])`. */
function isRacedByName(call: Call, fn: Fn): boolean {
  const races = fn.module.calls.filter((c) => isRace(c.call) && c.fn === fn).map((c) => c.call.at);
  if (races.length === 0) return false;
  const holds = (e: Expr): boolean => within(call.at, e.at);
  const uses = [...bindingsOf(fn)].filter((b) => b.values.some(holds)).flatMap((b) => b.uses);
  return uses.some((u) => races.some((r) => within(u.at, r)));
}

function bindingsOf(fn: Fn): Set<NonNullable<(Expr & { k: "id" })["bind"]>> {
  const found = new Set<NonNullable<(Expr & { k: "id" })["bind"]>>();
  const look = (e: Expr): void => {
    if (e.k === "id" && e.bind) found.add(e.bind);
    else if (e.k === "arr") e.items.forEach(look);
    else if (e.k === "mem") look(e.o);
    else if (e.k === "call") [e.callee, ...e.args].forEach(look);
  };
  for (const { call, fn: home } of fn.module.calls) if (home === fn) look(call);
  return found;
}
