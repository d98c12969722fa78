/**
 * What OTLP exporters do with a batch while their collector refuses the connection, and how long the parts in front of them keep it.
 *
 * Read in otlp-exporter-base and otlp-grpc-exporter-base 0.48 to 0.223, sdk-trace-base 1.30 and 2.12, sdk-logs 0.57 to 0.223, and
 * measured with a collector that starts late (tests/prove-startup.test.ts): over HTTP a refused connection ended the export up to
 * 0.208 and is tried again since 0.209 (open-telemetry/opentelemetry-js#6147); over gRPC it ends the export in every version.
 */

/** By the package of an exporter: how it sends, and what. Metrics are left out: the next export brings the same sums. */
export const otlpExporters: Readonly<Record<string, { transport: "http" | "grpc"; className: string }>> = {
  "@opentelemetry/exporter-trace-otlp-http": { transport: "http", className: "OTLPTraceExporter" },
  "@opentelemetry/exporter-trace-otlp-proto": { transport: "http", className: "OTLPTraceExporter" },
  "@opentelemetry/exporter-trace-otlp-grpc": { transport: "grpc", className: "OTLPTraceExporter" },
  "@opentelemetry/exporter-logs-otlp-http": { transport: "http", className: "OTLPLogExporter" },
  "@opentelemetry/exporter-logs-otlp-proto": { transport: "http", className: "OTLPLogExporter" },
  "@opentelemetry/exporter-logs-otlp-grpc": { transport: "grpc", className: "OTLPLogExporter" },
};

/** Versions whose HTTP exporters try again. */
export const retriesRefused = ">=0.209";

/** `timeoutMillis` unless it is given; all attempts of one batch have to fit into it. */
export const defaultTimeoutMillis = 10_000;

/** The pauses between the attempts, each up to a fifth shorter or longer. */
export const pausesMillis: readonly number[] = [1000, 1500, 2250, 3375, 5000];
export const jitter = 0.2;

/** Where an exporter looks for its collector unless it is told, by the class; the first that is set counts. */
export const endpointVariables: Readonly<Record<string, readonly string[]>> = {
  OTLPTraceExporter: ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
  OTLPLogExporter: ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
};

/** What hands an exporter its batches, and how long after the first span or record. */
export const processorDelays: Readonly<Record<string, { millis: number; option: string | undefined }>> = {
  SimpleSpanProcessor: { millis: 0, option: undefined },
  SimpleLogRecordProcessor: { millis: 0, option: undefined },
  BatchSpanProcessor: { millis: 5000, option: "scheduledDelayMillis" },
  BatchLogRecordProcessor: { millis: 5000, option: "scheduledDelayMillis" },
};

/** Options of NodeSDK that put an exporter behind a batch processor with its defaults. */
export const exporterOptions: Readonly<Record<string, string>> = { traceExporter: "BatchSpanProcessor" };

/** `maxExportBatchSize` unless it is given; a queue holds four of them. */
export const defaultBatch = 512;
