/** Options that hold the links of a chain as a list; of two with one name, the later one counts. */

/** Lists of which every item is telemetry, whatever they are given to. */
export const telemetryLists: ReadonlySet<string> = new Set([
  "spanProcessors",
  "logRecordProcessors",
  "metricReaders",
]);

/** Lists that hold telemetry among other things. */
export const linkLists: ReadonlySet<string> = new Set([
  ...telemetryLists,
  "readers",
  "processors",
  "integrations",
  "instrumentations",
  "propagators",
  "interceptors",
  "interceptor_providers",
  "transports",
  "middleware",
  "middlewares",
]);
