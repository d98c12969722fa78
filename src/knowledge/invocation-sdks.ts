/**
 * What becomes of captured telemetry when the process is frozen as soon as its function has answered, and what makes it safe.
 *
 * Measured on Node 20 by stopping a runtime loop (SIGSTOP) the moment its response arrived, twice in a row in the same process,
 * against a collector on loopback: @sentry/node 10.78.0, @sentry/aws-serverless 10.75.2, posthog-node 5.70.0,
 * @opentelemetry/sdk-trace-node 2.12.0, sdk-node 0.223.0, sdk-metrics 2.12.1, sdk-logs 0.223.1, langfuse 3.39.2, @langfuse/otel 5.11.1,
 * @segment/analytics-node 3.1.0, applicationinsights 2.9.8, rollbar 3.1.0, @bugsnag/js 9.0.0 with plugin-aws-lambda 8.1.1,
 * @logtail/node 0.5.9, @axiomhq/js 2.0.0, @amplitude/analytics-node 1.5.73, langsmith 0.12.0, newrelic 12.25.1, dd-trace 5.132.0. In workerd
 * 1.20261117.1: @sentry/cloudflare 10.75.3 and 11.0.0, posthog-node 5.70.0, @microlabs/otel-cf-workers 0.9.1. Also @sentry/serverless 7.120.4.
 * Read: @sentry/google-cloud-serverless 10.75.2, @sentry/nextjs 10, @opentelemetry/instrumentation-aws-lambda 0.50.3.
 */

/** How one SDK behaves at a freeze. Which calls start, capture and flush is in its vendor's table. */
export interface InvocationSdk {
  /** Name of the vendor, as in its table. */
  vendor: string;
  /** Module specifiers, as in the vendor's table; the first row that names a module holds. */
  specifiers: readonly string[];
  /** A part of the SDK that behaves otherwise: the row holds only where this class is in use. */
  part?: string;
  /**
   * What was captured right before the response, nobody waiting. `buffered`: waits for a timer or a count. `in-flight`: its
   * request is on its way and is cut off, unless the function goes on for a while. `written`: has left the process.
   */
  atFreeze: "buffered" | "in-flight" | "written";
  /** What to await before the response, `$` standing for the handle or namespace; null when nothing that can be awaited delivers. */
  flush: string | null;
  /** After a close the next invocation of the same process loses what it captures. */
  closeEndsWarm: boolean;
  /** Captures whose own promise says that it was sent. */
  awaited?: readonly string[];
  /** Calls that look as if they could be awaited, and are over before anything was sent. */
  deceptive?: readonly string[];
  /** Settings of the start that people take for enough. `delivers`: alone, without anybody waiting, they are. */
  settings?: readonly { property: string; value?: string | number; delivers: boolean }[];
}

export const invocationSdks: readonly InvocationSdk[] = [
  {
    vendor: "Sentry",
    specifiers: [
      "@sentry/node",
      "@sentry/node-core",
      "@sentry/aws-serverless",
      "@sentry/google-cloud-serverless",
      "@sentry/serverless",
      "@sentry/cloudflare",
      "@sentry/bun",
      "@sentry/deno",
    ],
    atFreeze: "buffered",
    flush: "$.flush(2000)",
    closeEndsWarm: true,
  },
  {
    vendor: "PostHog",
    specifiers: ["posthog-node", "posthog-node/edge"],
    atFreeze: "buffered",
    flush: "$.flush()",
    closeEndsWarm: false,
    awaited: [
      "captureImmediate",
      "captureExceptionImmediate",
      "identifyImmediate",
      "aliasImmediate",
      "groupIdentifyImmediate",
    ],
    settings: [
      { property: "flushAt", value: 1, delivers: false },
      { property: "flushInterval", value: 0, delivers: false },
      { property: "waitUntil", delivers: true },
    ],
  },
  {
    vendor: "OpenTelemetry",
    specifiers: ["@opentelemetry/sdk-logs"],
    part: "SimpleLogRecordProcessor",
    atFreeze: "in-flight",
    // its forceFlush waits only for records whose resource is not known yet
    flush: null,
    closeEndsWarm: true,
    deceptive: ["forceFlush"],
  },
  {
    vendor: "OpenTelemetry",
    specifiers: [
      "@opentelemetry/sdk-trace-node",
      "@opentelemetry/sdk-trace-base",
      "@opentelemetry/sdk-trace",
    ],
    part: "SimpleSpanProcessor",
    atFreeze: "in-flight",
    flush: "$.forceFlush()",
    closeEndsWarm: true,
  },
  {
    vendor: "OpenTelemetry",
    specifiers: [
      "@opentelemetry/sdk-trace-node",
      "@opentelemetry/sdk-trace-base",
      "@opentelemetry/sdk-trace",
      "@opentelemetry/sdk-metrics",
      "@opentelemetry/sdk-logs",
    ],
    atFreeze: "buffered",
    flush: "$.forceFlush()",
    closeEndsWarm: true,
  },
  {
    // it has no flush of its own, but the provider that it registers has
    vendor: "OpenTelemetry",
    specifiers: ["@opentelemetry/sdk-node"],
    atFreeze: "buffered",
    flush: "trace.getTracerProvider().getDelegate().forceFlush()",
    closeEndsWarm: true,
  },
  {
    vendor: "Langfuse",
    specifiers: ["langfuse", "langfuse-node"],
    atFreeze: "buffered",
    flush: "$.flushAsync()",
    closeEndsWarm: false,
    deceptive: ["flush", "shutdown"],
    settings: [{ property: "flushAt", value: 1, delivers: false }],
  },
  {
    vendor: "OpenTelemetry",
    specifiers: ["@langfuse/otel"],
    atFreeze: "buffered",
    flush: "$.forceFlush()",
    closeEndsWarm: true,
    settings: [{ property: "exportMode", value: "immediate", delivers: false }],
  },
  {
    vendor: "LangSmith",
    specifiers: ["langsmith"],
    atFreeze: "buffered",
    flush: "$.awaitPendingTraceBatches()",
    closeEndsWarm: false,
  },
  {
    vendor: "Segment",
    specifiers: ["@segment/analytics-node"],
    atFreeze: "buffered",
    flush: "$.flush()",
    closeEndsWarm: true,
    settings: [{ property: "flushAt", value: 1, delivers: false }],
  },
  {
    vendor: "Application Insights",
    specifiers: ["applicationinsights"],
    atFreeze: "buffered",
    flush: "new Promise((resolve) => $.flush({ callback: () => resolve() }))",
    closeEndsWarm: false,
    deceptive: ["flush"],
  },
  {
    vendor: "Rollbar",
    specifiers: ["rollbar"],
    atFreeze: "in-flight",
    flush: "new Promise((resolve) => $.wait(resolve))",
    closeEndsWarm: false,
    deceptive: ["wait"],
  },
  {
    // only the callback of `notify` tells when a report has left
    vendor: "Bugsnag",
    specifiers: ["@bugsnag/js", "@bugsnag/node"],
    atFreeze: "in-flight",
    flush: null,
    closeEndsWarm: false,
  },
  {
    vendor: "Logtail",
    specifiers: ["@logtail/node"],
    atFreeze: "buffered",
    flush: "$.flush()",
    closeEndsWarm: false,
    awaited: ["log", "debug", "info", "warn", "error"],
  },
  {
    vendor: "Axiom",
    specifiers: ["@axiomhq/js"],
    atFreeze: "buffered",
    flush: "$.flush()",
    closeEndsWarm: false,
  },
  {
    vendor: "Amplitude",
    specifiers: ["@amplitude/analytics-node"],
    atFreeze: "buffered",
    flush: "$.flush().promise",
    closeEndsWarm: false,
    deceptive: ["flush"],
  },
  {
    vendor: "New Relic",
    specifiers: ["newrelic"],
    atFreeze: "buffered",
    flush: null,
    closeEndsWarm: true,
  },
  {
    // writes to standard output, or to the extension, which is frozen last
    vendor: "Datadog",
    specifiers: ["dd-trace"],
    atFreeze: "written",
    flush: null,
    closeEndsWarm: false,
  },
];

/** A call that makes a handler out of another, and sends what its own SDK holds before the invocation ends. It does nothing for other SDKs. */
export interface InvocationWrapper {
  vendor: string;
  modules: readonly string[];
  /** Exported path, or method of what the module hands out. */
  path: string;
  /** Index of the argument that is the handler, or the object of handlers. */
  handler: number;
  /** How it waits: before the response, or after it through the `waitUntil` of the platform. */
  waits: "before" | "waitUntil";
}

export const invocationWrappers: readonly InvocationWrapper[] = [
  {
    vendor: "Sentry",
    modules: ["@sentry/aws-serverless"],
    path: "wrapHandler",
    handler: 0,
    waits: "before",
  },
  {
    vendor: "Sentry",
    modules: ["@sentry/serverless"],
    path: "AWSLambda.wrapHandler",
    handler: 0,
    waits: "before",
  },
  ...["wrapHttpFunction", "wrapEventFunction", "wrapCloudEventFunction"].flatMap(
    (path): InvocationWrapper[] => [
      { vendor: "Sentry", modules: ["@sentry/google-cloud-serverless"], path, handler: 0, waits: "before" },
      {
        vendor: "Sentry",
        modules: ["@sentry/serverless"],
        path: `GCPFunction.${path}`,
        handler: 0,
        waits: "before",
      },
    ],
  ),
  {
    vendor: "Sentry",
    modules: ["@sentry/cloudflare"],
    path: "withSentry",
    handler: 1,
    waits: "waitUntil",
  },
  {
    vendor: "Sentry",
    modules: ["@sentry/cloudflare"],
    path: "instrumentDurableObjectWithSentry",
    handler: 1,
    waits: "waitUntil",
  },
  {
    vendor: "Sentry",
    modules: ["@sentry/cloudflare"],
    path: "instrumentWorkflowWithSentry",
    handler: 1,
    waits: "waitUntil",
  },
  {
    vendor: "Sentry",
    modules: ["@sentry/cloudflare"],
    path: "wrapRequestHandler",
    handler: 1,
    waits: "waitUntil",
  },
  ...["wrapRouteHandlerWithSentry", "wrapApiHandlerWithSentry", "wrapMiddlewareWithSentry"].map(
    (path): InvocationWrapper => ({
      vendor: "Sentry",
      modules: ["@sentry/nextjs"],
      path,
      handler: 0,
      waits: "waitUntil",
    }),
  ),
  {
    vendor: "Sentry",
    modules: ["@sentry/nextjs"],
    path: "withServerActionInstrumentation",
    handler: 2,
    waits: "waitUntil",
  },
  {
    vendor: "OpenTelemetry",
    modules: ["@microlabs/otel-cf-workers"],
    path: "instrument",
    handler: 0,
    waits: "waitUntil",
  },
  {
    vendor: "OpenTelemetry",
    modules: ["@microlabs/otel-cf-workers"],
    path: "instrumentDO",
    handler: 0,
    waits: "waitUntil",
  },
  { vendor: "Rollbar", modules: ["rollbar"], path: "lambdaHandler", handler: 0, waits: "before" },
  { vendor: "New Relic", modules: ["newrelic"], path: "setLambdaHandler", handler: 0, waits: "before" },
  { vendor: "Datadog", modules: ["datadog-lambda-js"], path: "datadog", handler: 0, waits: "before" },
];

/**
 * Modules that make the runtime wrap every handler when they are preloaded, so that nothing in the code shows it: they change the
 * name of the handler before the runtime reads it. A start in the handler's own file comes too late for that.
 */
export const invocationPreloads: readonly { vendor: string; module: string }[] = [
  { vendor: "Sentry", module: "@sentry/aws-serverless/awslambda-auto" },
  { vendor: "Sentry", module: "@sentry/aws-serverless/dist/awslambda-auto" },
  { vendor: "Sentry", module: "@sentry/serverless/dist/awslambda-auto" },
];
