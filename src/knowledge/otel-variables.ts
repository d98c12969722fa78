/**
 * Names of variables that no SDK reads, and the names that were meant; and what the variables of exporters may say.
 *
 * Read in the specification (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/), otlp-exporter-base
 * 0.57 and 0.223, sdk-node 0.57 and 0.223, sdk-trace-base 1.30 and 2.12, auto-instrumentations-node 0.81.
 */

export interface Misspelled {
  wrong: RegExp;
  /** As in `String.replace`. */
  meant: string;
}

const parts =
  "ENDPOINT|HEADERS|PROTOCOL|TIMEOUT|COMPRESSION|CERTIFICATE|INSECURE|CLIENT_KEY|CLIENT_CERTIFICATE";

export const misspelled: readonly Misspelled[] = [
  {
    wrong: new RegExp(`^OTEL_EXPORTER_OTLP_(TRACE|METRIC|LOG)_(${parts})$`),
    meant: "OTEL_EXPORTER_OTLP_$1S_$2",
  },
  {
    wrong: new RegExp(`^OTEL_EXPORTER_OLTP_((?:(?:TRACES|METRICS|LOGS)_)?(?:${parts}))$`),
    meant: "OTEL_EXPORTER_OTLP_$1",
  },
  {
    wrong: new RegExp(`^OTEL_EXPORTER_OTEL_((?:(?:TRACES|METRICS|LOGS)_)?(?:${parts}))$`),
    meant: "OTEL_EXPORTER_OTLP_$1",
  },
  { wrong: new RegExp(`^OTEL_OTLP_EXPORTER_(${parts})$`), meant: "OTEL_EXPORTER_OTLP_$1" },
  {
    wrong: new RegExp(`^OTEL_EXPORTER_(TRACES|METRICS|LOGS)_OTLP_(${parts})$`),
    meant: "OTEL_EXPORTER_OTLP_$1_$2",
  },
  { wrong: /^OTEL_EXPORTER_OTLP_HEADER$/, meant: "OTEL_EXPORTER_OTLP_HEADERS" },
  { wrong: /^OTEL_EXPORTER_OTLP_ENDPOINTS$/, meant: "OTEL_EXPORTER_OTLP_ENDPOINT" },
  { wrong: /^OTEL_(TRACE|METRIC|LOG)_EXPORTER$/, meant: "OTEL_$1S_EXPORTER" },
  { wrong: /^OTEL_(TRACES|METRICS|LOGS)_EXPORTERS$/, meant: "OTEL_$1_EXPORTER" },
  { wrong: /^OTEL_TRACE_SAMPLER(_ARG)?$/, meant: "OTEL_TRACES_SAMPLER$1" },
  { wrong: /^OTEL_TRACES?_SAMPLER_(?:ARGS|RATIO)$/, meant: "OTEL_TRACES_SAMPLER_ARG" },
  { wrong: /^OTEL_SERVICE$|^OTEL_SERVICENAME$/, meant: "OTEL_SERVICE_NAME" },
  {
    wrong: /^OTEL_RESOURCE_(?:ATTRIBUTE|ATTRS|ATTR)$|^OTEL_RESOURCES_ATTRIBUTES$/,
    meant: "OTEL_RESOURCE_ATTRIBUTES",
  },
  { wrong: /^OTEL_PROPAGATOR$/, meant: "OTEL_PROPAGATORS" },
  { wrong: /^OTEL_SDK_DISABLE$|^OTEL_DISABLED$/, meant: "OTEL_SDK_DISABLED" },
  { wrong: /^OTEL_LOGLEVEL$/, meant: "OTEL_LOG_LEVEL" },
  { wrong: /^OTEL_BSP_SCHEDULED_DELAY(?:_MILLIS)?$/, meant: "OTEL_BSP_SCHEDULE_DELAY" },
  {
    wrong: /^OTEL_BSP_MAX_BATCH_SIZE$|^OTEL_BSP_EXPORT_BATCH_SIZE$/,
    meant: "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
  },
  { wrong: /^OTEL_BSP_QUEUE_SIZE$/, meant: "OTEL_BSP_MAX_QUEUE_SIZE" },
  {
    wrong: /^OTEL_BLP_(MAX_QUEUE_SIZE|MAX_EXPORT_BATCH_SIZE|SCHEDULE_DELAY|EXPORT_TIMEOUT)$/,
    meant: "OTEL_BLRP_$1",
  },
  { wrong: /^OTEL_BLRP_SCHEDULED_DELAY$/, meant: "OTEL_BLRP_SCHEDULE_DELAY" },
  { wrong: /^OTEL_METRICS_EXPORT_(INTERVAL|TIMEOUT)$/, meant: "OTEL_METRIC_EXPORT_$1" },
  { wrong: /^OTEL_METRIC_EXPORT_INTERVAL_(?:MS|MILLIS)$/, meant: "OTEL_METRIC_EXPORT_INTERVAL" },
  { wrong: /^OTEL_NODE_(ENABLED|DISABLED)_INSTRUMENTATION$/, meant: "OTEL_NODE_$1_INSTRUMENTATIONS" },
  { wrong: /^OTEL_NODE_RESOURCE_DETECTOR$/, meant: "OTEL_NODE_RESOURCE_DETECTORS" },
];

/** What `OTEL_*_EXPORTER` may name; of any other the SDK warns, and makes none (sdk-node 0.223). */
export const exporterNames: Readonly<Record<string, readonly string[]>> = {
  OTEL_TRACES_EXPORTER: ["otlp", "zipkin", "console", "none", "null", "jaeger"],
  OTEL_METRICS_EXPORTER: ["otlp", "prometheus", "console", "none"],
  OTEL_LOGS_EXPORTER: ["otlp", "console", "none"],
};
