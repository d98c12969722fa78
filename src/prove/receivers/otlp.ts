import { elements, firstText, property } from "./json.js";
import { inJsonLog, inLog, onJsonSpan, onSpan } from "./otlpExceptions.js";
import { fieldsOf, nested, text } from "./protobuf.js";
import { jsonAnswer, type Item, type Protocol, type Request } from "./protocol.js";

/**
 * OTLP over HTTP, protobuf and JSON. Field numbers and names: opentelemetry-proto 1.x,
 * `collector/{trace,metrics,logs}/v1/*_service.proto` and `{trace,metrics,logs}/v1/*.proto`.
 */
const paths = { "/v1/traces": "spans", "/v1/metrics": "metricPoints", "/v1/logs": "logRecords" } as const;

type OtlpSignal = (typeof paths)[keyof typeof paths];

/** `Metric.data`: gauge, sum, histogram, exponential_histogram, summary; in each, field 1 holds the points. */
const metricKinds = [
  { number: 5, key: "gauge" },
  { number: 7, key: "sum" },
  { number: 9, key: "histogram" },
  { number: 10, key: "exponentialHistogram" },
  { number: 11, key: "summary" },
] as const;

/** Resource -> scope -> item: the same field numbers for all three signals. */
const itemPath = [1, 2, 2] as const;

function fromProtobuf(signal: OtlpSignal, body: Uint8Array): Item[] {
  const found = nested(body, itemPath);
  if (signal === "spans") {
    return found.flatMap((span) => [{ signal, name: text(span, [5]) ?? "(unnamed span)" }, ...onSpan(span)]);
  }
  if (signal === "logRecords") {
    return found.flatMap((log) => [
      { signal, name: text(log, [5, 1]) ?? text(log, [12]) ?? "(log)" },
      ...inLog(log),
    ]);
  }
  return found.flatMap((metric) => {
    const name = text(metric, [1]) ?? "(unnamed metric)";
    return metricKinds.flatMap(({ number }) =>
      nested(metric, [number]).flatMap((data) =>
        [...fieldsOf(data)].filter((field) => field.number === 1).map(() => ({ signal, name })),
      ),
    );
  });
}

function fromJson(signal: OtlpSignal, body: unknown): Item[] {
  if (signal === "spans") {
    return elements(body, ["resourceSpans", "scopeSpans", "spans"]).flatMap((span) => [
      { signal, name: firstText([property(span, "name")], "(unnamed span)") },
      ...onJsonSpan(span),
    ]);
  }
  if (signal === "logRecords") {
    return elements(body, ["resourceLogs", "scopeLogs", "logRecords"]).flatMap((log) => [
      {
        signal,
        name: firstText(
          [property(property(log, "body"), "stringValue"), property(log, "eventName")],
          "(log)",
        ),
      },
      ...inJsonLog(log),
    ]);
  }
  return elements(body, ["resourceMetrics", "scopeMetrics", "metrics"]).flatMap((metric) =>
    metricKinds.flatMap(({ key }) =>
      elements(property(metric, key), ["dataPoints"]).map(() => ({
        signal,
        name: firstText([property(metric, "name")], "(unnamed metric)"),
      })),
    ),
  );
}

function signalOf(request: Request): OtlpSignal | undefined {
  return request.method === "POST" ? paths[request.path as keyof typeof paths] : undefined;
}

function isJson(request: Request): boolean {
  return request.contentType.includes("json");
}

function env(url: string, protocol: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  };
}

export const otlpHttpJson: Protocol = {
  name: "otlp-http-json",
  env: (url) => env(url, "http/json"),
  owns: (request) => signalOf(request) !== undefined && isJson(request),
  decode(request) {
    const signal = signalOf(request);
    return signal ? fromJson(signal, JSON.parse(request.body.toString("utf8"))) : [];
  },
  answer: () => jsonAnswer({}),
};

export const otlpHttpProtobuf: Protocol = {
  name: "otlp-http-protobuf",
  env: (url) => env(url, "http/protobuf"),
  owns: (request) => signalOf(request) !== undefined && !isJson(request),
  decode(request) {
    const signal = signalOf(request);
    return signal ? fromProtobuf(signal, request.body) : [];
  },
  answer: () => ({ status: 200, contentType: "application/x-protobuf", body: "" }),
};
