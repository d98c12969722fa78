/**
 * The numbers that processors, readers and exporters of OpenTelemetry take.
 *
 * Run with SDK 1.30 (experimental 0.57) and 2.12 (0.223), with a collector that answers: a batch size of 0 makes `forceFlush` and
 * `shutdown` loop without end; a negative one sends empty requests and no span; a queue of 0 or less drops every span; a batch
 * size above the queue is cut to the queue, with a warning of `diag`. 4,000 spans in a queue of 4,096 with batches of 64 leave
 * 1,920 at `shutdown`: an OTLP exporter takes 30 exports at a time and fails the others at once. A reader whose interval or
 * timeout is 0 or less, or whose interval is below its timeout (both given), throws, and so does an OTLP exporter with a timeout of 0.
 */

/** One number that a class takes. */
export interface LimitFacts {
  option: string;
  /** What is taken when it is not given. */
  usual: number;
  /**
   * What a value of 0 or less does. `hangs`: the flush never ends (0), or nothing is sent (below). `drops`: everything is dropped.
   * `throws`: the constructor does.
   */
  empty?: "hangs" | "drops" | "throws";
  /** A time in milliseconds. */
  millis?: true;
}

/** What a class takes, and where: `BatchSpanProcessor(exporter, options)`, `PeriodicExportingMetricReader(options)`. */
export interface LimitedFacts {
  classes: readonly string[];
  /** Arguments that may be the options. */
  arguments: readonly number[];
  limits: readonly LimitFacts[];
}

const timeout: LimitFacts = { option: "timeoutMillis", usual: 10_000, empty: "throws", millis: true };

export const limited: readonly LimitedFacts[] = [
  {
    classes: ["BatchSpanProcessor", "BatchLogRecordProcessor"],
    arguments: [0, 1],
    limits: [
      { option: "maxExportBatchSize", usual: 512, empty: "hangs" },
      { option: "maxQueueSize", usual: 2048, empty: "drops" },
      { option: "scheduledDelayMillis", usual: 5000, millis: true },
      { option: "exportTimeoutMillis", usual: 30_000, millis: true },
    ],
  },
  {
    classes: ["PeriodicExportingMetricReader"],
    arguments: [0],
    limits: [
      { option: "exportIntervalMillis", usual: 60_000, empty: "throws", millis: true },
      { option: "exportTimeoutMillis", usual: 30_000, empty: "throws", millis: true },
    ],
  },
  {
    classes: ["OTLPTraceExporter", "OTLPMetricExporter", "OTLPLogExporter"],
    arguments: [0],
    limits: [timeout],
  },
];

/** How many exports an OTLP exporter takes at a time, by the name of the option (otlp-exporter-base 0.57 and 0.223). */
export const concurrency = { option: "concurrencyLimit", usual: 30 } as const;
