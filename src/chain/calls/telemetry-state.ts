import type { Project } from "../../program/project.js";
import type { Binding, Expr, Fn, Module } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import { isRead, originOf } from "../same.js";

/** Calls by which agents make a span, a transaction or a segment, or ask for the one that is open. */
const SPANS =
  /^(?:start(?:Active|Inactive|Child)?Span|createSpan|startTransaction|startSegment|getActiveSpan|getActiveTransaction|getActiveSegment|getTransaction)$/;

/** Packages whose functions ask about the state of telemetry. */
const TELEMETRY =
  /^(?:@opentelemetry\/(?:api|core)|@sentry\/.+|dd-trace|newrelic|elastic-apm-node|@grafana\/faro-.+|@honeycombio\/.+)$/;

/** Members by which an instrumentation of OpenTelemetry knows that it is switched on. */
const SWITCHES = new Set(["isEnabled", "_enabled", "_config", "getConfig"]);

/**
 * Whether a condition asks about the state of telemetry and nothing else: whether a span is open, tracing is suppressed, or an
 * instrumentation is switched on.
 */
export function asksForTelemetry(test: Expr, module: Module, project: Project): boolean {
  return evaluates(test, (e) => {
    const origin = e.k === "id" ? originOf(e) : e;
    const value = origin.k === "await" ? origin.e : origin;
    if (value.k === "call") return isOfTelemetry(value.callee, module, project);
    return value.k === "mem" && SWITCHES.has(value.p ?? "") && isInstrumentation(value.o, module, project);
  });
}

function isOfTelemetry(callee: Expr, module: Module, project: Project): boolean {
  if (callee.k === "mem" && SPANS.test(callee.p ?? "")) return true;
  if (callee.k === "mem" && SWITCHES.has(callee.p ?? "") && isInstrumentation(callee.o, module, project))
    return true;
  return project.values.of(callee, module).some((v) => v.v === "package" && TELEMETRY.test(v.specifier));
}

/** `this`, or a constant that is another name of it, in a class that extends `InstrumentationBase`. */
function isInstrumentation(e: Expr, module: Module, project: Project): boolean {
  const origin = originOf(e);
  const base = origin.k === "this" ? origin.cls?.superClass : undefined;
  return (
    base !== undefined &&
    project.values
      .of(base, module)
      .some((v) => v.v === "package" && v.specifier === "@opentelemetry/instrumentation")
  );
}

/** Whether an expression depends on what a function was called with, also through variables of it. */
export function dependsOnArguments(e: Expr, fn: Fn): boolean {
  const passed = new Set(fn.params.flat());
  const seen = new Set<Binding>();
  const reads = (part: Expr): boolean => {
    if (part.k !== "id") return false;
    if (part.bind === undefined) return part.name === "arguments";
    if ([...passed].some((bind) => isRead(part, bind))) return true;
    if (seen.has(part.bind) || part.bind.owner !== fn) return false;
    seen.add(part.bind);
    return part.bind.values.some((value) => evaluates(value, reads));
  };
  return evaluates(e, reads);
}
