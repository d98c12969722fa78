/**
 * Where OTLP exporters send to.
 *
 * Run with exporter-trace-otlp-{http,proto,grpc} 0.57 and 0.223 against servers of both protocols: the option `url` of an HTTP
 * exporter is used as it is, so a base address is answered with 404 and the spans are gone, while `OTEL_EXPORTER_OTLP_ENDPOINT`
 * gets the path of the signal appended. An HTTP exporter before a gRPC server fails with a parse error, a gRPC exporter before an
 * HTTP server with a protocol error. A gRPC address without `http://` is spoken to in TLS, be it `grpc://` or none, unless
 * `credentials` say otherwise; its path is ignored.
 */

export type Signal = "traces" | "metrics" | "logs";
export type Protocol = "http" | "grpc";

/** Which signal an exporter class sends. */
export const signalOfClass: Readonly<Record<string, Signal>> = {
  OTLPTraceExporter: "traces",
  OTLPMetricExporter: "metrics",
  OTLPLogExporter: "logs",
};

/** The protocol of the packages of exporters. */
export const protocolOfPackage: readonly { package: RegExp; protocol: Protocol }[] = [
  { package: /^@opentelemetry\/exporter-(trace|metrics|logs)-otlp-(http|proto)$/, protocol: "http" },
  { package: /^@opentelemetry\/exporter-(trace|metrics|logs)-otlp-grpc$/, protocol: "grpc" },
];

/** The port at which a collector takes a protocol (https://opentelemetry.io/docs/specs/otlp/). */
export const usualPort: Readonly<Record<Protocol, string>> = { http: "4318", grpc: "4317" };

/** What is written in place of it, and what no collector answers to. */
export const wrongPath = /^\/v1\/(trace|metric|log)\/?$/;
