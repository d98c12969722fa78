import { expressionsIn } from "../chain/walk.js";
import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import { runnersOf } from "../program/runners.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";

/** Where a container gets no processor time between two requests, a flush has to come before the answer. */
const THROTTLED =
  /\bK_SERVICE\b|\bK_REVISION\b|run\.googleapis\.com|serving\.knative|\bgcloud run\b|@vercel\/|serverless-http|aws-serverless-express/;

/**
 * Flushes that a request or a job of a long-lived program waits for.
 * `names`: the vendor, the member, the runner's name. `parts`: the `await`.
 */
export function awaitedOnRequest(project: Project): ChainBreak[] {
  const found = new Map<Call, ChainBreak>();
  for (const run of project.runs()) {
    if (lifespanOf(run, project) !== "service" || isThrottled(project)) continue;
    for (const { facts, jobs } of runnersOf(run, project)) {
      if (facts.kind !== "web" && facts.kind !== "queue") continue;
      for (const fn of new Set(jobs.flatMap((job) => job.fns)))
        for (const { call, e, vendor } of flushesIn(fn, project))
          found.set(call, {
            kind: "chain-break",
            check: "awaited-on-request",
            fn,
            at: e.at,
            call,
            names: [vendor, call.callee.k === "mem" ? (call.callee.p ?? "") : "", facts.name, facts.kind],
            parts: [e],
          });
    }
  }
  return [...found.values()];
}

interface Awaited {
  call: Call;
  e: Expr;
  vendor: string;
}

/** The flushes that a function itself waits for. */
function flushesIn(fn: Fn, project: Project): Awaited[] {
  return expressionsIn(fn.module).flatMap(({ e, fn: around }): Awaited[] => {
    if (around !== fn || e.k !== "await" || e.e.k !== "call") return [];
    const vendor = vendorFlushedBy(e.e, fn.module, project);
    return vendor === undefined ? [] : [{ call: e.e, e, vendor }];
  });
}

function vendorFlushedBy(call: Call, module: Module, project: Project): string | undefined {
  const values = project.values.callee(call.callee, module);
  const [only] = values;
  if (values.length !== 1 || !only) return undefined;
  if (only.v === "member")
    return only.member.facts.role === "flush" ? only.member.cls.vendor.name : undefined;
  return only.v === "sdk" && only.sdk.is === "call" && only.sdk.facts.role === "flush"
    ? only.sdk.vendor.name
    : undefined;
}

const throttled = new WeakMap<Project, boolean>();

/** A file of the project says that its programs run where they are frozen between requests. */
function isThrottled(project: Project): boolean {
  let known = throttled.get(project);
  if (known === undefined) {
    const { index } = project;
    const files = [...index.manifestFiles, ...index.candidates().telemetry];
    known = files.some((file) => THROTTLED.test(index.read(file) ?? ""));
    throttled.set(project, known);
  }
  return known;
}
