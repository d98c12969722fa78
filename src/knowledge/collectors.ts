/**
 * Images that receive OTLP, by the end of their path on Docker Hub, ghcr.io, quay.io, gcr.io and public.ecr.aws, as their projects
 * publish them.
 */
export const collectorImages: readonly RegExp[] = [
  /(^|\/)(otel\/)?opentelemetry-collector(-contrib|-k8s|-otlp|-releases\/[\w-]+)?$/,
  /(^|\/)grafana\/(agent|alloy|otel-lgtm)$/,
  /(^|\/)jaegertracing\/(all-in-one|jaeger|opentelemetry-all-in-one)$/,
  /(^|\/)aws-observability\/aws-otel-collector$/,
  /(^|\/)amazon\/aws-otel-collector$/,
  /(^|\/)signalfx\/splunk-otel-collector$/,
  /(^|\/)signoz\/signoz-otel-collector$/,
  /(^|\/)datadog\/agent$/,
];
