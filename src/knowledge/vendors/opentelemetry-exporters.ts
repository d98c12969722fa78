/**
 * OpenTelemetry exporters, the old names included: one class per package, each the part of a processor or reader.
 *
 * Read in exporter-*-otlp-{http,proto,grpc} 0.223, exporter-prometheus 0.223.0, exporter-zipkin 2.12.1, exporter-jaeger 2.11.0,
 * exporter-collector 0.25, exporter-otlp-* 0.26, @google-cloud/opentelemetry-cloud-trace-exporter 3.1.0 and
 * -cloud-monitoring-exporter 0.22.0. The same class name lives in the -http, -proto and -grpc packages.
 */
import type { PackageFacts } from "../schema.js";
import { exporter, oldExporter, pullExporter } from "./opentelemetry-classes.js";

export const opentelemetryExporters: PackageFacts[] = [
  {
    specifiers: [
      "@opentelemetry/exporter-trace-otlp-http",
      "@opentelemetry/exporter-trace-otlp-proto",
      "@opentelemetry/exporter-trace-otlp-grpc",
    ],
    exports: { OTLPTraceExporter: exporter },
  },
  {
    specifiers: [
      "@opentelemetry/exporter-metrics-otlp-http",
      "@opentelemetry/exporter-metrics-otlp-proto",
      "@opentelemetry/exporter-metrics-otlp-grpc",
    ],
    exports: { OTLPMetricExporter: exporter },
  },
  {
    specifiers: [
      "@opentelemetry/exporter-logs-otlp-http",
      "@opentelemetry/exporter-logs-otlp-proto",
      "@opentelemetry/exporter-logs-otlp-grpc",
    ],
    exports: { OTLPLogExporter: exporter },
  },
  {
    specifiers: [
      "@opentelemetry/exporter-otlp-http",
      "@opentelemetry/exporter-otlp-proto",
      "@opentelemetry/exporter-otlp-grpc",
    ],
    exports: { OTLPTraceExporter: oldExporter },
  },
  {
    specifiers: [
      "@opentelemetry/exporter-collector",
      "@opentelemetry/exporter-collector-proto",
      "@opentelemetry/exporter-collector-grpc",
    ],
    exports: { CollectorTraceExporter: oldExporter, CollectorMetricExporter: oldExporter },
  },
  { specifiers: ["@opentelemetry/exporter-prometheus"], exports: { PrometheusExporter: pullExporter } },
  { specifiers: ["@opentelemetry/exporter-zipkin"], exports: { ZipkinExporter: exporter } },
  { specifiers: ["@opentelemetry/exporter-jaeger"], exports: { JaegerExporter: exporter } },
  {
    specifiers: ["@google-cloud/opentelemetry-cloud-trace-exporter"],
    exports: {
      TraceExporter: {
        kind: "class",
        construct: "create",
        part: "exporter",
        members: { shutdown: { role: "close", style: "promise" } },
      },
    },
  },
  {
    specifiers: ["@google-cloud/opentelemetry-cloud-monitoring-exporter"],
    exports: { MetricExporter: exporter },
  },
];
