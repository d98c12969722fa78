/** Packages that a reader may look for in the tables, and why they have none. */
export const notModelled: { package: string; reason: string }[] = [
  { package: "@opentelemetry/sdk-trace-web", reason: "browser only" },
  {
    package: "@opentelemetry/instrumentation",
    reason: "patches modules; holds nothing that could be flushed",
  },
  { package: "@effect/opentelemetry", reason: "closed by the end of its scope; nothing to call" },
  { package: "@axiomhq/pino", reason: "named as a transport's target, never called; pino ends it" },
  {
    package: "@google-cloud/logging-winston",
    reason: "no flush and no close; redirectToStdout is its way to lose nothing",
  },
  {
    package: "@appsignal/nodejs",
    reason: "hands over to an agent process of its own; what an exit loses is not known",
  },
  { package: "@instana/collector", reason: "no flush and no close" },
  {
    package: "@langfuse/openai",
    reason: "makes spans on the program's own OpenTelemetry provider; holds nothing itself",
  },
  {
    package: "@langfuse/langchain",
    reason: "makes spans on the program's own OpenTelemetry provider; holds nothing itself",
  },
  { package: "@google-cloud/trace-agent", reason: "no flush and no close" },
  { package: "@google-cloud/profiler", reason: "no flush and no close" },
  {
    package: "@google-cloud/logging-bunyan",
    reason: "no flush and no close; redirectToStdout is its way to lose nothing",
  },
  { package: "@sentry/browser", reason: "browser only" },
  { package: "@sentry/gatsby", reason: "browser only" },
  {
    package: "@sentry/tracing",
    reason: "adds methods to another package of the family; starts and ends nothing",
  },
  {
    package: "@sentry/profiling-node",
    reason: "an integration of @sentry/node; starts and ends nothing by itself",
  },
  { package: "posthog-js", reason: "browser only" },
  { package: "@middleware.io/node-apm", reason: "no longer published under this name" },
];
