/**
 * Mixes of versions that lose telemetry. Every row was installed and run against a local receiver, and so was the same program
 * with versions that fit (`bench/version-matrix.mjs` repeats it); mixes that work are not listed.
 */

/** One side of a mix. */
export interface MixSide {
  /** Packages with the versions that do not fit. */
  packages: Readonly<Record<string, string>>;
  /** What a program makes or calls of them; empty: it only has to import the package. */
  uses: readonly string[];
  /** A word that the file of the use has to say. */
  word?: string;
}

/** Versions of two packages that do not work together. */
export interface VersionMix {
  id: string;
  /** What is put into the other side: an exporter, a resource, the API. */
  part: MixSide;
  /** What takes it. A program that makes another version of it as well is not judged. */
  host: MixSide;
  /** They only work in the very same version. */
  twins?: true;
  /** Where both have to stand for one to meet the other; by default anywhere in the program. */
  near?: "file" | "package";
  /** What happens, in the words of a finding. */
  failure: string;
  /** What to ask for. */
  advice: string;
  /**
   * A range of the part that fits, where its release cannot be told by that of the host. Absent where the program would have to be
   * changed with it.
   */
  fits?: string;
  /** What was run. */
  measured: string;
}

const otlp = (signal: "trace" | "metrics", versions: string): Record<string, string> =>
  Object.fromEntries(
    ["http", "proto", "grpc"].map((protocol) => [
      `@opentelemetry/exporter-${signal}-otlp-${protocol}`,
      versions,
    ]),
  );

const tracerSdk = (stable: string, experimental: string): MixSide => ({
  packages: {
    "@opentelemetry/sdk-node": experimental,
    "@opentelemetry/sdk-trace-node": stable,
    "@opentelemetry/sdk-trace-base": stable,
    "@opentelemetry/sdk-trace-web": stable,
    "@opentelemetry/sdk-trace": stable,
  },
  uses: ["NodeSDK", "NodeTracerProvider", "BasicTracerProvider", "WebTracerProvider", "TracerProvider"],
});

const meterSdk = (stable: string, experimental: string): MixSide => ({
  packages: { "@opentelemetry/sdk-node": experimental, "@opentelemetry/sdk-metrics": stable },
  uses: ["NodeSDK", "MeterProvider"],
});

/** The SDK, and `@vercel/otel`, which hands its spans to an exporter of the program. */
const spanSource = (stable: string, experimental: string, vercel: string): MixSide => {
  const { packages, uses } = tracerSdk(stable, experimental);
  return { packages: { ...packages, "@vercel/otel": vercel }, uses: [...uses, "registerOTel"] };
};

const first = [">=1 <2", ">=0.35 <0.200"] as const;
const later = [">=2 <4", ">=0.200 <0.400"] as const;

/** The packages of Sentry that start the SDK for Node, each of which asks for `@sentry/node` of its own version. */
const sentryNode = (versions: string): Record<string, string> =>
  Object.fromEntries(
    ["node", "nestjs", "nextjs", "bun", "aws-serverless"].map((name) => [`@sentry/${name}`, versions]),
  );

/** Sentry gives its spans to processors of the program. */
const sentry = (versions: string, word: string): MixSide => ({
  packages: sentryNode(versions),
  uses: ["init"],
  word,
});

const firstRelease = "^0.57.0";
const laterRelease = "^0.203.0";

const oneRelease = "ask for versions of one release";

/**
 * Packages that bring an SDK of their own, into which a program may put what it makes: with one of them in a program nobody knows
 * where an exporter goes.
 */
export const otherHosts: readonly string[] = [
  "@traceloop/node-server-sdk",
  "@azure/monitor-opentelemetry",
  "applicationinsights",
  "@honeycombio/opentelemetry-node",
  "@splunk/otel",
  "@elastic/opentelemetry-node",
  "@uptrace/node",
  "@highlight-run/node",
  "@lmnr-ai/lmnr",
  "@microlabs/otel-cf-workers",
  "@pydantic/logfire-node",
  "logfire",
];

export const versionMatrix: readonly VersionMix[] = [
  {
    id: "new-trace-exporter",
    part: { packages: otlp("trace", later[1]), uses: ["OTLPTraceExporter"] },
    host: spanSource(...first, ">=1 <2"),
    failure: "the exporter throws at every batch and no span is exported",
    advice: oneRelease,
    fits: firstRelease,
    measured:
      "sdk-node 0.35.1, 0.45.1, 0.57.2, sdk-trace-node 1.9.1, 1.30.1 and @vercel/otel 1.13.0 with exporters 0.200.0, 0.203.0, 0.223.0 and 0.301.0: `Cannot read properties of undefined (reading 'name')`",
  },
  {
    id: "old-trace-exporter",
    part: { packages: otlp("trace", first[1]), uses: ["OTLPTraceExporter"] },
    host: spanSource(...later, ">=2 <3"),
    failure: "the exporter throws at every batch and no span is exported",
    advice: oneRelease,
    fits: laterRelease,
    measured:
      "sdk-node 0.200.0, 0.203.0, 0.223.0, 0.301.0, sdk-trace-node 2.0.1, 2.12.0 and @vercel/otel 2.1.3 with exporters 0.35.1, 0.45.1 and 0.57.2: `Cannot read properties of undefined (reading 'name')`",
  },
  {
    id: "new-trace-exporter-in-sentry",
    part: { packages: otlp("trace", later[1]), uses: ["OTLPTraceExporter"] },
    host: sentry(">=8 <10", "openTelemetrySpanProcessors"),
    failure: "the exporter throws at every batch and no span reaches the collector",
    advice: "Sentry 8 and 9 make spans of version 1 of the SDK, so ask for 0.57 of the exporter",
    fits: firstRelease,
    measured:
      "@sentry/node 8.55.0 and 9.40.0, nestjs and aws-serverless 9.40.0 with exporter 0.203.0; with 0.57.2 every span arrives",
  },
  {
    id: "old-trace-exporter-in-sentry",
    part: { packages: otlp("trace", first[1]), uses: ["OTLPTraceExporter"] },
    host: sentry(">=10 <11", "openTelemetrySpanProcessors"),
    failure: "the exporter throws at every batch and no span reaches the collector",
    advice: "Sentry 10 makes spans of version 2 of the SDK, so ask for 0.200 or later of the exporter",
    fits: laterRelease,
    measured: "@sentry/node 10.0.0 and 10.75.0 with exporter 0.57.2; with 0.203.0 every span arrives",
  },
  {
    id: "new-metric-exporter",
    part: { packages: otlp("metrics", later[1]), uses: ["OTLPMetricExporter"] },
    host: meterSdk(...first),
    failure:
      "the first instrument throws (`aggregation.createAggregator is not a function`) and ends the program",
    advice: oneRelease,
    fits: firstRelease,
    measured: "sdk-node 0.57.2 and sdk-metrics 1.9.1, 1.30.1 with exporters 0.203.0 and 0.301.0",
  },
  {
    id: "old-metric-exporter",
    part: { packages: otlp("metrics", ">=0.57 <0.200"), uses: ["OTLPMetricExporter"] },
    host: meterSdk(...later),
    failure: "the first instrument throws (`Unsupported Aggregation`) and ends the program",
    advice: oneRelease,
    fits: laterRelease,
    measured:
      "sdk-node 0.203.0 and sdk-metrics 2.0.1, 2.12.0 and 3.1.0 with exporter 0.57.2; that of 0.35.1 works",
  },
  {
    id: "new-resource",
    part: {
      packages: { "@opentelemetry/resources": later[0] },
      uses: ["resourceFromAttributes", "defaultResource", "emptyResource", "detectResources"],
    },
    host: { packages: { "@opentelemetry/sdk-node": first[1] }, uses: ["NodeSDK"] },
    near: "file",
    failure: "the SDK throws when it starts (`resource.getRawAttributes is not a function`)",
    advice: oneRelease,
    measured:
      "sdk-node 0.35.1, 0.45.1 and 0.57.2 with resources 2.0.1 and 3.1.0; NodeTracerProvider and MeterProvider 1.30.1 take such a resource",
  },
  {
    id: "langfuse-exporter",
    part: { packages: { "langfuse-vercel": ">=3.30 <3.37.1" }, uses: ["LangfuseExporter"] },
    host: tracerSdk(...later),
    failure: "the exporter throws at every batch and no span reaches Langfuse",
    advice: "ask for 3.38 or later",
    fits: "^3.38.4",
    measured:
      "langfuse-vercel 3.37.0 with sdk-node 0.203.0: `Cannot read properties of undefined (reading 'name')`; 3.38.4, or 3.37.0 with sdk-node 0.57.2, works",
  },
  {
    id: "old-api",
    part: { packages: { "@opentelemetry/api": "<1.3" }, uses: [] },
    host: { packages: { "@opentelemetry/sdk-node": ">=0.45 <0.300" }, uses: ["NodeSDK"] },
    near: "package",
    failure: "the SDK throws when it starts, for it needs the metrics of the API",
    advice: "it needs version 1.3 or later",
    fits: "~1.9.0",
    measured:
      "sdk-node 0.45.1, 0.57.2, 0.203.0 and 0.223.0 with api 0.21.0, 1.0.4 and 1.2.0; with 1.3.0 it works",
  },
  {
    id: "api-without-logs",
    part: { packages: { "@opentelemetry/api": "<1.10" }, uses: [] },
    host: { packages: { "@opentelemetry/sdk-node": ">=0.300 <0.400" }, uses: ["NodeSDK"] },
    near: "package",
    failure: "the SDK cannot be loaded, for it needs the logs of the API",
    advice: "it needs version 1.10 or later",
    fits: "~1.10.0",
    measured: "sdk-node 0.300.0 and 0.301.0 with api 1.8.0 and 1.9.0; with 1.10.0 it works",
  },
  {
    id: "datadog-own-api",
    part: { packages: { "dd-trace": ">=5.15 <5.66" }, uses: [], word: "TracerProvider" },
    host: { packages: { "@opentelemetry/api": ">=1.9 <2" }, uses: [] },
    failure:
      "Datadog registers its provider with version 1.8 of the API, which a newer one does not look at, so no span of the API is recorded",
    advice: "ask for 5.70 or later",
    fits: "^5.70.0",
    measured:
      "dd-trace 5.40.0 and 5.60.0 with api 1.9.0; with api 1.8.0, or dd-trace 6.21.0, the span arrives",
  },
  {
    id: "langfuse-processor",
    part: { packages: { "@langfuse/otel": ">=4 <6" }, uses: ["LangfuseSpanProcessor"] },
    host: tracerSdk(...first),
    failure: "the processor throws at every span and none reaches Langfuse",
    advice: "it needs version 2 of the SDK",
    measured:
      "@langfuse/otel 4.0.0 and 5.11.1 with sdk-node 0.57.2: `Cannot read properties of undefined (reading 'name')`",
  },
  {
    id: "sentry-opentelemetry",
    part: {
      packages: { "@sentry/opentelemetry": ">=8.30 <11" },
      uses: ["SentrySpanProcessor", "SentrySampler", "SentryPropagator"],
    },
    host: sentry(">=8.30 <11", "skipOpenTelemetrySetup"),
    twins: true,
    failure: "each keeps its client to itself, so every transaction is lost",
    advice: "ask for the same version of both",
    measured:
      "@sentry/node 8.30.0, 8.55.0, 9.40.0, 10.0.0, 10.75.0 with @sentry/opentelemetry of another of these: no transaction; the same version of both: all",
  },
  {
    id: "sentry-profiling",
    part: { packages: { "@sentry/profiling-node": ">=8.30 <11" }, uses: ["nodeProfilingIntegration"] },
    host: { packages: sentryNode(">=8.30 <11"), uses: ["init"] },
    twins: true,
    failure: "each keeps its client to itself, so no profile is sent",
    advice: "ask for the same version of both",
    measured:
      "@sentry/node 8.55.0, 9.40.0, 10.0.0, 10.75.0 with @sentry/profiling-node 8.30.0, 8.55.0, 9.40.0, 10.0.0 and 10.75.0: no profile where they differ, one where they are the same; likewise @sentry/nestjs 9.40.0 with 9.30.0 and 9.40.0, and aws-serverless 9.40.0 with 9.30.0",
  },
];
