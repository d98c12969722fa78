/**
 * Options of the OpenTelemetry SDK that are taken and not read.
 *
 * Read in @opentelemetry/sdk-node 0.34, 0.41, 0.46 to 0.57, 0.200 to 0.223, sdk-trace-base 1.20 to 1.30 and 2.12, sdk-logs 0.57
 * and 0.200 to 0.223, sdk-metrics 1.8 to 1.30 and 2.12; that `traceExporter` is ignored was run with sdk-node 0.57.2 and 0.223.0.
 */

/** What is not read of the options of classes, with the packages that export them. */
export interface OptionFacts {
  packages: readonly string[];
  classes: readonly string[];
  /** An option that is not read where one of these others is given. */
  beside: Readonly<Record<string, readonly string[]>>;
  /** Versions that do not know an option yet. */
  unknownIn: Readonly<Record<string, string>>;
  /** Names that no version reads, and the option that was meant. */
  never: Readonly<Record<string, string>>;
  /** Versions for which that was not looked at. */
  notBefore?: string;
}

export const optionFacts: readonly OptionFacts[] = [
  {
    packages: ["@opentelemetry/sdk-node"],
    classes: ["NodeSDK"],
    beside: {
      traceExporter: ["spanProcessors", "spanProcessor"],
      spanProcessor: ["spanProcessors"],
      logRecordProcessor: ["logRecordProcessors"],
      metricReader: ["metricReaders"],
    },
    unknownIn: { spanProcessors: "<0.49", logRecordProcessors: "<0.53", metricReaders: "<0.204" },
    never: {
      exporter: "traceExporter",
      spanExporter: "traceExporter",
      logExporter: "logRecordProcessors",
      logRecordExporter: "logRecordProcessors",
      metricExporter: "metricReaders",
    },
    notBefore: "<0.34",
  },
  {
    packages: [
      "@opentelemetry/sdk-trace-node",
      "@opentelemetry/sdk-trace-base",
      "@opentelemetry/sdk-trace-web",
      "@opentelemetry/sdk-trace",
    ],
    classes: ["NodeTracerProvider", "BasicTracerProvider", "WebTracerProvider", "TracerProvider"],
    beside: {},
    unknownIn: { spanProcessors: "<1.28" },
    never: {
      spanProcessor: "spanProcessors",
      exporter: "spanProcessors",
      spanExporter: "spanProcessors",
      traceExporter: "spanProcessors",
    },
  },
  {
    packages: ["@opentelemetry/sdk-logs"],
    classes: ["LoggerProvider"],
    beside: {},
    unknownIn: { processors: "<0.201" },
    never: {
      processor: "processors",
      logRecordProcessor: "processors",
      logRecordProcessors: "processors",
      logRecordExporter: "processors",
    },
  },
  {
    packages: ["@opentelemetry/sdk-metrics", "@opentelemetry/sdk-metrics-base"],
    classes: ["MeterProvider"],
    beside: {},
    unknownIn: { readers: "<1.21" },
    never: {
      reader: "readers",
      metricReader: "readers",
      metricReaders: "readers",
      exporter: "readers",
      metricExporter: "readers",
    },
    notBefore: "<1",
  },
];
