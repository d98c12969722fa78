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

/** How one SDK behaves at a freeze. Which calls start, capture and flush, and how those end, is in its vendor's table. */
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
  /**
   * Settings of the start that people take for enough. `delivers`: alone, without anybody waiting, they are; else they only
   * put each event on its way, as `in-flight` says.
   */
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
      "@sentry/hono/node",
    ],
    // its errors and messages; spans and logs wait for a timer
    atFreeze: "in-flight",
  },
  {
    vendor: "PostHog",
    specifiers: ["posthog-node", "posthog-node/edge"],
    atFreeze: "buffered",
    settings: [
      { property: "flushAt", value: 1, delivers: false },
      { property: "waitUntil", delivers: true },
    ],
  },
  {
    vendor: "OpenTelemetry",
    specifiers: ["@opentelemetry/sdk-logs"],
    part: "SimpleLogRecordProcessor",
    atFreeze: "in-flight",
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
  },
  {
    vendor: "OpenTelemetry",
    specifiers: ["@opentelemetry/sdk-node"],
    atFreeze: "buffered",
  },
  {
    vendor: "Langfuse",
    specifiers: ["langfuse", "langfuse-node"],
    atFreeze: "buffered",
    settings: [{ property: "flushAt", value: 1, delivers: false }],
  },
  {
    vendor: "OpenTelemetry",
    specifiers: ["@langfuse/otel"],
    atFreeze: "buffered",
    settings: [{ property: "exportMode", value: "immediate", delivers: false }],
  },
  {
    vendor: "LangSmith",
    specifiers: ["langsmith"],
    atFreeze: "buffered",
  },
  {
    vendor: "Segment",
    specifiers: ["@segment/analytics-node"],
    atFreeze: "buffered",
    settings: [
      { property: "flushAt", value: 1, delivers: false },
      { property: "maxEventsInBatch", value: 1, delivers: false },
    ],
  },
  {
    vendor: "Application Insights",
    specifiers: ["applicationinsights"],
    atFreeze: "buffered",
  },
  {
    vendor: "Rollbar",
    specifiers: ["rollbar"],
    atFreeze: "in-flight",
  },
  {
    vendor: "Bugsnag",
    specifiers: ["@bugsnag/js", "@bugsnag/node"],
    atFreeze: "in-flight",
  },
  {
    vendor: "Logtail",
    specifiers: ["@logtail/node"],
    atFreeze: "buffered",
  },
  {
    vendor: "Axiom",
    specifiers: ["@axiomhq/js"],
    atFreeze: "buffered",
  },
  {
    vendor: "Amplitude",
    specifiers: ["@amplitude/analytics-node"],
    atFreeze: "buffered",
    settings: [{ property: "flushQueueSize", value: 1, delivers: false }],
  },
  {
    vendor: "New Relic",
    specifiers: ["newrelic"],
    atFreeze: "buffered",
  },
  {
    // writes to standard output, or to the extension, which is frozen last
    vendor: "Datadog",
    specifiers: ["dd-trace"],
    atFreeze: "written",
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
}

export const invocationWrappers: readonly InvocationWrapper[] = [
  {
    vendor: "Sentry",
    modules: ["@sentry/aws-serverless"],
    path: "wrapHandler",
    handler: 0,
  },
  {
    vendor: "Sentry",
    modules: ["@sentry/serverless"],
    path: "AWSLambda.wrapHandler",
    handler: 0,
  },
  ...["wrapHttpFunction", "wrapEventFunction", "wrapCloudEventFunction"].flatMap(
    (path): InvocationWrapper[] => [
      { vendor: "Sentry", modules: ["@sentry/google-cloud-serverless"], path, handler: 0 },
      {
        vendor: "Sentry",
        modules: ["@sentry/serverless"],
        path: `GCPFunction.${path}`,
        handler: 0,
      },
    ],
  ),
  {
    vendor: "Sentry",
    modules: ["@sentry/cloudflare"],
    path: "withSentry",
    handler: 1,
  },
  {
    vendor: "Sentry",
    modules: ["@sentry/cloudflare"],
    path: "instrumentDurableObjectWithSentry",
    handler: 1,
  },
  {
    vendor: "Sentry",
    modules: ["@sentry/cloudflare"],
    path: "instrumentWorkflowWithSentry",
    handler: 1,
  },
  {
    vendor: "Sentry",
    modules: ["@sentry/cloudflare"],
    path: "wrapRequestHandler",
    handler: 1,
  },
  ...["wrapRouteHandlerWithSentry", "wrapApiHandlerWithSentry", "wrapMiddlewareWithSentry"].map(
    (path): InvocationWrapper => ({
      vendor: "Sentry",
      modules: ["@sentry/nextjs"],
      path,
      handler: 0,
    }),
  ),
  {
    vendor: "Sentry",
    modules: ["@sentry/nextjs"],
    path: "withServerActionInstrumentation",
    handler: 2,
  },
  {
    vendor: "OpenTelemetry",
    modules: ["@microlabs/otel-cf-workers"],
    path: "instrument",
    handler: 0,
  },
  {
    vendor: "OpenTelemetry",
    modules: ["@microlabs/otel-cf-workers"],
    path: "instrumentDO",
    handler: 0,
  },
  { vendor: "Rollbar", modules: ["rollbar"], path: "lambdaHandler", handler: 0 },
  { vendor: "New Relic", modules: ["newrelic"], path: "setLambdaHandler", handler: 0 },
  { vendor: "Datadog", modules: ["datadog-lambda-js"], path: "datadog", handler: 0 },
];

/**
 * Preloads and layers that make the runtime wrap every handler, so that nothing in the code shows it: they change the name of
 * the handler before the runtime reads it. A start in the handler's own file comes too late for that.
 */
export const invocationPreloads: readonly { vendor: string; names: RegExp }[] = [
  { vendor: "Sentry", names: /awslambda-auto|SentryNodeServerlessSDK/ },
];
