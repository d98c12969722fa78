/**
 * When the periodic reader of metrics collects.
 *
 * Read in sdk-metrics 0.32, 0.33, 1.8 to 1.30.1 and 2.0.0, and run with NodeSDK and MeterProvider of 1.8.0, 1.9.0, 1.9.1, 1.22.0,
 * 1.29.0, 1.30.0 and 2.0.1 against a collector over HTTP: up to 1.29 `shutdown` of the reader, the provider and the SDK closes the
 * exporter and collects nothing, so what was counted since the last export (60 s by default) never leaves; from 1.30.0 it collects.
 * `forceFlush` collects from 1.9.1 on. It is the class of the reader that decides: one of 1.30.1 in the NodeSDK of 0.49.1 loses
 * nothing. NodeSDK pins the version whose classes it exports: 0.35.1 that of 1.9.1, 0.49 that of 1.22.0, 0.56 that of 1.29.0,
 * 0.57.0 that of 1.30.0.
 */

/** Packages that export the reader, with the versions whose `shutdown` collects nothing. */
export const closesWithoutCollecting: Readonly<Record<string, string>> = {
  "@opentelemetry/sdk-metrics": "<1.30",
  "@opentelemetry/sdk-node": "<0.57",
};

/** Of these, the versions whose `forceFlush` collects. */
export const flushCollects: Readonly<Record<string, string>> = {
  "@opentelemetry/sdk-metrics": ">=1.9.1",
  "@opentelemetry/sdk-node": ">=0.35.1",
};

/** The first version of each whose `shutdown` collects, as somebody asks for it. */
export const firstThatCollects: Readonly<Record<string, string>> = {
  "@opentelemetry/sdk-metrics": "1.30",
  "@opentelemetry/sdk-node": "0.57",
};

/** What takes readers: the class, and the options in which it does. */
export const takesReaders: Readonly<Record<string, readonly string[]>> = {
  NodeSDK: ["metricReader", "metricReaders"],
  MeterProvider: ["readers"],
};
