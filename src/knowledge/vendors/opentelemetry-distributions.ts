/**
 * Packages that start or extend the OpenTelemetry SDK under their own name and leave no other handle than OpenTelemetry's.
 *
 * Read in @vercel/otel 2.1.3, @splunk/otel 4.11.0, @elastic/opentelemetry-node 1.18.0, @honeycombio/opentelemetry-node 0.7.2,
 * @baselime/node-opentelemetry 0.5.8, @arizeai/openinference-vercel 3.2.1, @arizeai/phoenix-otel 2.1.0, @langfuse/otel 5.11.1,
 * @langfuse/tracing 5.11.1, langfuse-vercel 3.39.2. Only Elastic's listens to events of the process (SIGTERM, then exit 143;
 * `beforeExit`), unless it is started with `elasticSetupShutdownHandlers: false`.
 */
import type { PackageFacts } from "../schema.js";
import { exporter } from "./opentelemetry-classes.js";

export const opentelemetryDistributions: PackageFacts[] = [
  {
    specifiers: ["@vercel/otel"],
    exports: { registerOTel: { kind: "function", role: "start", style: "sync" } },
  },
  {
    specifiers: ["@splunk/otel"],
    exports: {
      start: { kind: "function", role: "start", style: "sync" },
      stop: { kind: "function", role: "close", style: "promise", rejects: true },
    },
  },
  {
    specifiers: ["@splunk/otel/instrument", "@splunk/otel/instrument.js"],
    startsOnImport: true,
    exports: {},
  },
  {
    specifiers: ["@elastic/opentelemetry-node"],
    startsOnImport: true,
    naturalEndDelivers: true,
    endings: [
      { event: "SIGTERM", exits: true },
      { event: "beforeExit", exits: false },
    ],
    exports: {},
  },
  {
    specifiers: ["@elastic/opentelemetry-node/sdk"],
    naturalEndDelivers: true,
    endings: [
      { event: "SIGTERM", exits: true },
      { event: "beforeExit", exits: false },
    ],
    exports: {
      startNodeSDK: {
        kind: "function",
        role: "start",
        style: "sync",
        returns: "@opentelemetry/sdk-node#StartedNodeSDK",
      },
    },
  },
  {
    specifiers: ["@honeycombio/opentelemetry-node"],
    exports: {
      HoneycombSDK: {
        kind: "class",
        construct: "create",
        extends: "@opentelemetry/sdk-node#NodeSDK",
        part: "sdk",
        members: {},
      },
    },
  },
  {
    specifiers: ["@baselime/node-opentelemetry"],
    exports: {
      BaselimeSDK: {
        kind: "class",
        construct: "create",
        part: "sdk",
        members: {
          start: {
            role: "start",
            style: "sync",
            returns: "@opentelemetry/sdk-trace-node#NodeTracerProvider",
          },
        },
      },
    },
  },
  {
    specifiers: ["@arizeai/openinference-vercel"],
    exports: {
      OpenInferenceBatchSpanProcessor: {
        kind: "class",
        construct: "create",
        extends: "@opentelemetry/sdk-trace-base#BatchSpanProcessor",
        part: "processor",
        buffering: "batch",
        members: {},
      },
      OpenInferenceSimpleSpanProcessor: {
        kind: "class",
        construct: "create",
        extends: "@opentelemetry/sdk-trace-base#SimpleSpanProcessor",
        part: "processor",
        buffering: "immediate",
        members: {},
      },
    },
  },
  {
    specifiers: ["@arizeai/phoenix-otel"],
    exports: {
      register: {
        kind: "function",
        role: "start",
        style: "sync",
        returns: "@opentelemetry/sdk-trace-node#NodeTracerProvider",
      },
      OTLPTraceExporter: exporter,
    },
  },
  {
    specifiers: ["@langfuse/otel"],
    exports: {
      LangfuseSpanProcessor: {
        kind: "class",
        construct: "create",
        extends: "@opentelemetry/sdk-trace-base#BatchSpanProcessor",
        part: "processor",
        buffering: "batch",
        members: {},
      },
    },
  },
  {
    specifiers: ["@langfuse/tracing"],
    exports: {
      setLangfuseTracerProvider: { kind: "function", role: "start", style: "sync", handleArgument: 0 },
      startObservation: { kind: "function", role: "capture", style: "fire-and-forget" },
      startActiveObservation: { kind: "function", role: "capture", style: "fire-and-forget" },
    },
  },
  { specifiers: ["langfuse-vercel"], exports: { LangfuseExporter: exporter } },
];
