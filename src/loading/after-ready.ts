import { asksFor } from "../facts/majors.js";
import type { Hit } from "../flow/world.js";
import { notWhenReady, readyOption } from "../knowledge/electron.js";
import type { ChainBreak } from "../program/details.js";
import { declaredIn, type Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import { isStatement } from "../ending/uncalled.js";
import type { Call, Fn } from "../syntax/ir.js";
import { WhenReady, type Way } from "./when-ready.js";

/** Starts of an SDK that throws when Electron's app is ready already. */
export function startsWhenReady(project: Project): ChainBreak[] {
  const ready = new WhenReady(project);
  const found = new Map<Call, ChainBreak>();
  for (const run of project.runs())
    for (const hit of run.hits) {
      const { call, vendor } = hit;
      if (!call || !vendor || hit.caught === true || !throwsWhenReady(hit, run, project)) continue;
      for (const late of lateCalls(call, hit.fn, ready))
        found.set(late.call, broken(late, vendor.name, call, hit.fn));
    }
  return [...found.values()];
}

function throwsWhenReady({ kind, value, fn }: Hit, run: Run, project: Project): boolean {
  if (kind !== "start" || value?.v !== "sdk" || value.sdk.is !== "call") return false;
  const name = value.sdk.pkg.specifiers.find((s) => notWhenReady[s] !== undefined);
  const since = name === undefined ? undefined : notWhenReady[name];
  if (name === undefined || since === undefined) return false;
  if (asksFor(declaredIn(project.index, fn.module.file, name), since) !== true) return false;
  return ![fn.module.file, ...run.files].some((file) => says(file, readyOption, project));
}

/** The start itself; else, of functions that are called early and late, the calls that come too late. */
function lateCalls(call: Call, fn: Fn, ready: WhenReady): Way[] {
  if (ready.isLate(call, fn)) return [{ call, fn }];
  const late: Way[] = [];
  const seen = new Set<Fn>();
  const work = [fn];
  for (let next = work.pop(); next && seen.size < 12; next = work.pop()) {
    if (seen.has(next) || next.kind === "module") continue;
    seen.add(next);
    const ways = ready.waysTo(next) ?? [];
    // it has been started by then in any case
    if (ways.some(isAlwaysTaken)) return [];
    for (const way of ways) {
      if (ready.isLateWay(way)) late.push(way);
      else if (way.handed === undefined) work.push(way.fn);
    }
  }
  return late;
}

/** A statement of a top level, under no condition. */
const isAlwaysTaken = ({ call, fn }: Way): boolean =>
  fn.kind === "module" && fn.body.some((s) => s.s === "expr" && isStatement(call, [s]));

const broken = (late: Way, name: string, call: Call, fn: Fn): ChainBreak => ({
  kind: "chain-break",
  check: "after-ready",
  fn: late.fn,
  at: late.call.at,
  call: late.call,
  names: [name],
  ...(late.call === call ? {} : { others: [{ fn, at: call.at, message: `${name} is started here` }] }),
});
