import { runsWith } from "../versions/package-versions.js";
import { originOf } from "../chain/same.js";
import { isSure } from "../chain/surely.js";
import type { Hit } from "../flow/world.js";
import type { ChainBreak } from "../program/details.js";
import { homeOf } from "../ending/misplaced.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import type { Expr } from "../syntax/ir.js";
import { claimedTwice } from "./global-twice.js";

/** From this version on a second start replaces the providers of the first, which then nobody closes. */
const REPLACES = { "@opentelemetry/sdk-node": ">=0.200" };

/**
 * A `NodeSDK` that is started where one runs already, and a provider that is made global where one is.
 * `names`: what happens (`again`: the same one, `second`: another one, `preloaded`: another one behind a preloaded package,
 * `provider`: a provider, or an SDK behind one).
 */
export function startedTwice(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const run of project.runs())
    for (const broken of twiceIn(run, project))
      found.set(`${broken.fn.module.file}:${String(broken.at[0])}`, broken);
  return [...found.values()];
}

function twiceIn(run: Run, project: Project): ChainBreak[] {
  const sure = run.hits.filter((h) => h.kind === "start" && isSurelyMet(h));
  const claimed = claimedTwice(sure, run, project).map(({ first, later }) =>
    broken(later.hit, "provider", first.hit),
  );
  return [...claimed, ...sdksIn(run, sure.filter(isStartOfSdk), project)];
}

function sdksIn(run: Run, starts: readonly Hit[], project: Project): ChainBreak[] {
  const [first, ...later] = starts;
  if (!first) return [];
  const preloaded = run.preloaded.some((vendor) => vendor === first.vendor);
  if (preloaded) return [broken(first, "preloaded", undefined)];
  return later.flatMap((h): ChainBreak[] => {
    if (h.call === first.call) return [];
    const same = isSameHandle(h, first, project);
    if (same === undefined) return [];
    if (same && runsWith(h.fn.module.file, REPLACES, project) !== true) return [];
    return [broken(h, same ? "again" : "second", first)];
  });
}

function broken({ fn, at, call }: Hit, what: string, first: Hit | undefined): ChainBreak {
  return {
    kind: "chain-break",
    check: "started-twice",
    fn,
    at,
    ...(call ? { call } : {}),
    names: [what],
    others: first ? [{ fn: first.fn, at: first.at, message: "it runs from here on" }] : [],
  };
}

const isStartOfSdk = ({ kind, call, value, vendor }: Hit): boolean =>
  kind === "start" &&
  call !== undefined &&
  vendor?.name === "OpenTelemetry" &&
  value?.v === "member" &&
  value.member.cls.facts.part === "sdk";

/** No branch, loop or handler decides whether the program comes to it. */
const isSurelyMet = ({ guards, call, fn, stack, inTimer }: Hit): boolean =>
  guards === 0 &&
  !inTimer &&
  call !== undefined &&
  isSure(call, fn) &&
  stack.every((step) => (step.as === "entry" || step.as === "call") && step.looped !== true);

/** Whether two starts are of one SDK; undefined where nobody knows. */
function isSameHandle(a: Hit, b: Hit, project: Project): boolean | undefined {
  const one = handleOf(a, project);
  const other = handleOf(b, project);
  if (!one || !other) return undefined;
  if (one === other) return true;
  return one.k === "call" && other.k === "call" ? false : undefined;
}

/** The construction, or the name, that a start is called on. */
function handleOf({ call, fn }: Hit, project: Project): Expr | undefined {
  if (call?.callee.k !== "mem") return undefined;
  const { o } = call.callee;
  const home = o.k === "id" && o.bind ? homeOf(o.bind, fn.module, project) : undefined;
  const origin = originOf(o.k === "id" && home ? { ...o, bind: home.bind } : o);
  return origin.k === "call" && origin.isNew ? origin : undefined;
}
