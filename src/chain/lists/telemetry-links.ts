import type { Value } from "../../facts/value.js";
import type { Project } from "../../program/project.js";
import type { Expr, Fn, Module } from "../../syntax/ir.js";
import { isWithin } from "../links.js";
import { originOf } from "../same.js";

/** Packages that are telemetry by their scope, also those without tables. */
const TELEMETRY =
  /^(@opentelemetry|@sentry|@sentry-internal|@datadog|@grafana\/faro|@google-cloud\/opentelemetry|@traceloop|@honeycombio|@bugsnag|@langfuse|@vercel\/otel|@prisma\/instrumentation)(\/|-|$)|^(dd-trace|newrelic|elastic-apm-node|applicationinsights|rollbar|prom-client|posthog-node|opentracing|jaeger-client|langsmith)(\/|$)|opentelemetry|opentracing/;

/** Whether a link of a chain is telemetry: a part of an SDK, or a function or class of the program that calls one. */
export function isTelemetry(e: Expr, module: Module, project: Project): boolean {
  const origin = originOf(e);
  return [origin, ...(origin.k === "call" ? [origin.callee] : [])].some((x) =>
    project.values.of(x, module).some((v) => ofTelemetry(v, project)),
  );
}

function ofTelemetry(v: Value, project: Project): boolean {
  switch (v.v) {
    case "sdk":
    case "member":
      return true;
    case "package":
      return TELEMETRY.test(v.specifier);
    case "fn":
      return callsTelemetry(v.fn, project);
    case "class":
    case "instance":
      return [...v.cls.members.values()].some((m) => m.fn !== undefined && callsTelemetry(m.fn, project));
    default:
      return false;
  }
}

/** Whether a function, or one that stands in it, calls an SDK. */
function callsTelemetry(fn: Fn, project: Project): boolean {
  return fn.module.calls.some(
    ({ call, fn: at }) =>
      isWithin(at, fn) &&
      project.values
        .callee(call.callee, fn.module)
        .some((v) => v.v === "sdk" || v.v === "member" || (v.v === "package" && TELEMETRY.test(v.specifier))),
  );
}
