/**
 * How spans, transactions and timers are begun and ended, by the names of methods that OpenTelemetry, Sentry, opentracing,
 * dd-trace, elastic-apm-node, newrelic, @google-cloud/trace-agent and prom-client share.
 */

/** Methods that hand back what has to be ended. */
export const spanStarts: ReadonlySet<string> = new Set([
  "startSpan",
  "startInactiveSpan",
  "startChildSpan",
  "startChild",
  "startTransaction",
  "getTransaction",
  "createChildSpan",
  "getCurrentRootSpan",
]);

/** Methods that hand it to a callback which has to end it. */
export const spanCallbacks: ReadonlySet<string> = new Set([
  "startActiveSpan",
  "startSpanManual",
  "startSpan",
]);

/** Methods that end it by themselves when their callback, or the promise that it returns, comes to its end. */
export const selfEnding: ReadonlySet<string> = new Set(["startSpan", "trace"]);

/** Methods that run a callback inside of a span, scope or context and hand back what it returns. */
export const carriers: ReadonlySet<string> = new Set([
  ...spanCallbacks,
  ...selfEnding,
  "with",
  "withSpan",
  "withActiveSpan",
  "withScope",
  "withIsolationScope",
  "continueTrace",
  "runWithAsyncContext",
  "run",
  "runInAsyncScope",
]);

/** Methods that end it. */
export const spanEnds: ReadonlySet<string> = new Set(["end", "finish", "endSpan"]);

/** Methods that hand back a function which ends it (prom-client). */
export const timerStarts: ReadonlySet<string> = new Set(["startTimer"]);

/** Types of what has to be ended. */
export const spanTypes: ReadonlySet<string> = new Set(["Span", "Transaction", "TransactionHandle"]);

/** Methods that tell telemetry of an error. */
export const errorCaptures: ReadonlySet<string> = new Set([
  "recordException",
  "captureException",
  "captureError",
  "noticeError",
]);

/** Methods that are given a span and do not end it. */
export const spanKeepers: ReadonlySet<string> = new Set([
  "setSpan",
  "isSpanContextValid",
  "inject",
  "activate",
  "bind",
]);
