/**
 * The classes that several OpenTelemetry packages export under the same name.
 *
 * Read in @opentelemetry/sdk-trace-base 2.12.1 and 1.30, sdk-trace-node 2.12.0, sdk-metrics 2.12.1, sdk-logs 0.223.1 and 0.57.2,
 * exporter-trace-otlp-http 0.223.1, api 1.10.0. Measured with collectors that answer, refuse and keep silent: trace providers
 * and processors reject when the collector is down (a provider's `forceFlush` with an array), metric and log providers resolve.
 * A silent collector holds each for 10 s, the limit of the OTLP exporters; without those it is the 30 s that processors and
 * readers give an export. What resolves gives undefined, in SDK 1 and 2. Members that SDK 2 removed
 * (`BasicTracerProvider.register`) stay in the table for programs on SDK 1.
 */
import type { CallFacts, ExportFacts } from "../schema.js";

type ClassFacts = Extract<ExportFacts, { kind: "class" }>;
type Members = ClassFacts["members"];

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };
const flush: CallFacts = { role: "flush", style: "promise", rejects: true, boundMillis: 10_000 };
const close: CallFacts = { role: "close", style: "promise", rejects: true, boundMillis: 10_000 };
const boundedFlush: CallFacts = {
  role: "flush",
  style: "promise",
  timeout: { argument: 0, property: "timeoutMillis", unit: "ms", defaultMillis: 30_000 },
  rejects: true,
};

/** What processors, readers and exporters have in common. */
const partMembers: Members = { forceFlush: flush, shutdown: close };

export const tracer: ClassFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  members: {
    startSpan: { ...capture, returns: "@opentelemetry/api#Span" },
    startActiveSpan: capture,
  },
};

export const span: ClassFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  members: { end: capture },
};

export const meter: ClassFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  members: {
    createCounter: { type: "@opentelemetry/api#Counter", call: true },
    createUpDownCounter: { type: "@opentelemetry/api#UpDownCounter", call: true },
    createHistogram: { type: "@opentelemetry/api#Histogram", call: true },
    createGauge: { type: "@opentelemetry/api#Gauge", call: true },
  },
};

export const adder: ClassFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  members: { add: capture },
};

export const recorder: ClassFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  members: { record: capture },
};

export const logger: ClassFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  part: "logger",
  members: { emit: capture },
};

/** `trace.getTracerProvider()` always hands out this one: it has neither `forceFlush` nor `shutdown`, the delegate has. */
export const proxyTracerProvider: ClassFacts = {
  kind: "class",
  construct: "create",
  members: {
    getTracer: { type: "@opentelemetry/api#Tracer", call: true },
    getDelegate: { type: "@opentelemetry/sdk-trace-base#BasicTracerProvider", call: true },
  },
};

const providerMembers: Members = {
  getTracer: { type: "@opentelemetry/api#Tracer", call: true },
  forceFlush: boundedFlush,
  shutdown: close,
};

export const tracerProvider: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "provider",
  members: { register: { role: "start", style: "sync" }, ...providerMembers },
};

/** The provider of @opentelemetry/sdk-trace: made global by `trace.setGlobalTracerProvider` only. */
export const unregisteredTracerProvider: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "provider",
  members: providerMembers,
};

/** The interval of its readers starts with the construction, whether or not the provider is made global. */
export const meterProvider: ClassFacts = {
  kind: "class",
  construct: "start",
  part: "provider",
  members: {
    getMeter: { type: "@opentelemetry/api#Meter", call: true },
    forceFlush: {
      role: "flush",
      style: "promise",
      timeout: { argument: 0, property: "timeoutMillis", unit: "ms", defaultMillis: 30_000 },
    },
    shutdown: {
      role: "close",
      style: "promise",
      timeout: { argument: 0, property: "timeoutMillis", unit: "ms", defaultMillis: 30_000 },
    },
  },
};

export const loggerProvider: ClassFacts = {
  kind: "class",
  construct: "start",
  part: "provider",
  members: {
    getLogger: { type: "@opentelemetry/api-logs#Logger", call: true },
    forceFlush: {
      role: "flush",
      style: "promise",
      timeout: { argument: 0, property: "timeoutMillis", unit: "ms", defaultMillis: 30_000 },
    },
    shutdown: { role: "close", style: "promise", boundMillis: 10_000 },
  },
};

export const batchSpanProcessor: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "processor",
  buffering: "batch",
  members: partMembers,
};

/** One request per span. Its `shutdown` does not wait for its own pending exports: `forceFlush` first. */
export const simpleSpanProcessor: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "processor",
  buffering: "immediate",
  members: partMembers,
};

export const noopSpanProcessor: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "processor",
  buffering: "none",
  members: partMembers,
};

export const batchLogRecordProcessor: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "processor",
  buffering: "batch",
  members: {
    forceFlush: { role: "flush", style: "promise", boundMillis: 10_000 },
    shutdown: { role: "close", style: "promise", boundMillis: 10_000 },
  },
};

export const simpleLogRecordProcessor: ClassFacts = { ...batchLogRecordProcessor, buffering: "immediate" };

export const metricReader: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "reader",
  buffering: "batch",
  members: {
    forceFlush: {
      role: "flush",
      style: "promise",
      timeout: { argument: 0, property: "timeoutMillis", unit: "ms", defaultMillis: 30_000 },
    },
    shutdown: {
      role: "close",
      style: "promise",
      timeout: { argument: 0, property: "timeoutMillis", unit: "ms", defaultMillis: 30_000 },
    },
  },
};

/** Sends over the network; has no queue of its own, both calls wait for requests in flight. */
export const exporter: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "exporter",
  members: partMembers,
};

/** The exporters of 0.25 and 0.26 have no `forceFlush`. */
export const oldExporter: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "exporter",
  members: { shutdown: close },
};

/** Writes to the console or keeps in memory: nothing leaves the process. */
export const localExporter: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "exporter",
  buffering: "none",
  members: partMembers,
};

/** Is asked by the collector (pull): there is nothing to flush, `shutdown` closes its HTTP server. */
export const pullExporter: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "reader",
  buffering: "none",
  members: { ...partMembers, stopServer: { role: "drop", style: "promise", rejects: true } },
};

/** `start` was asynchronous in early releases; from 0.35 on it is done when it returns. There is no `forceFlush`. */
export const nodeSdk: ClassFacts = {
  kind: "class",
  construct: "create",
  part: "sdk",
  members: { start: { role: "start", style: "sync" }, shutdown: close },
};

/** What `startNodeSDK()` of several distributions gives back. */
export const startedSdk: ClassFacts = {
  kind: "class",
  construct: "start",
  typeOnly: true,
  part: "sdk",
  members: { shutdown: close },
};
