import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Cls, Expr, Fn, Module } from "../../syntax/ir.js";
import { originOf } from "../same.js";
import { expressionsIn } from "../walk.js";

const LIFECYCLE = new Set(["forceFlush", "shutdown"]);

/**
 * Where an instrumentation binds a lifecycle method to the processor that a provider of SDK 1 hands out, and keeps that for later.
 * Until the first processor is added that is one of its own, which does nothing (sdk-trace-base 1.30.1, BasicTracerProvider.js); an
 * instrumentation is told of its provider before.
 */
export function staleProcessorsIn(module: Module, project: Project): ChainBreak[] {
  return expressionsIn(module).flatMap(({ e, fn }): ChainBreak[] => {
    const bound = boundMethod(e);
    const taken = bound && originOf(bound.o);
    if (!bound || taken?.k !== "call" || taken.callee.k !== "mem") return [];
    if (taken.callee.p !== "getActiveSpanProcessor" || !isOfInstrumentation(fn, project)) return [];
    return [
      {
        kind: "chain-break",
        check: "removed-member",
        fn,
        at: taken.at,
        call: taken,
        names: [bound.p ?? "", "stale"],
        parts: [taken, e],
        others: [{ fn, at: e.at, message: "it is kept for later here" }],
      },
    ];
  });
}

/** `processor.forceFlush.bind(processor)` */
function boundMethod(e: Expr): (Expr & { k: "mem" }) | undefined {
  if (e.k !== "call" || e.callee.k !== "mem" || e.callee.p !== "bind") return undefined;
  const { o } = e.callee;
  return o.k === "mem" && o.p !== undefined && LIFECYCLE.has(o.p) ? o : undefined;
}

function isOfInstrumentation(fn: Fn, project: Project): boolean {
  let cls: Cls | undefined;
  for (let at: Fn | undefined = fn; at && !cls; at = at.parent) cls = at.cls;
  if (!cls?.superClass) return false;
  return project.values
    .of(cls.superClass, cls.module)
    .some((v) => v.v === "package" && v.specifier === "@opentelemetry/instrumentation");
}
