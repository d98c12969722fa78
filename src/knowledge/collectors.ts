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

/**
 * Images that hold nothing but the collector: no shell, no `curl`, no `wget`, and no health check of their own (`FROM scratch` in
 * opentelemetry-collector-releases `distributions/*` and open-telemetry/opentelemetry-collector-contrib#30798).
 */
export const collectorsFromScratch: readonly RegExp[] = [
  /(^|\/)otel\/opentelemetry-collector(-contrib|-k8s|-otlp)?$/,
  /(^|\/)opentelemetry-collector-releases\/opentelemetry-collector(-contrib|-k8s|-otlp)?$/,
];

/** Programs that health checks call and that such images do not have. */
export const healthPrograms: readonly string[] = [
  "curl",
  "wget",
  "nc",
  "sh",
  "bash",
  "ash",
  "busybox",
  "grpc_health_probe",
  "grpcurl",
  "pidof",
  "pgrep",
];

/**
 * Since this version the parts of a collector listen on `localhost` unless they are told otherwise
 * (https://opentelemetry.io/blog/2024/hardening-the-collector-one/, open-telemetry/opentelemetry-collector#8510). The operator switches
 * that off (open-telemetry/opentelemetry-operator#3119), and so does the feature gate `component.UseLocalHostAsDefaultHost` before 0.110.
 */
export const localhostSince = ">=0.104";

/** Where the `health_check` extension answers. */
export const healthPort = 13133;

/**
 * Where the images of opentelemetry-collector-releases look for their configuration without `--config` (`CMD` of
 * `distributions/<name>/Dockerfile`).
 */
export const usualConfigurations: readonly { image: RegExp; path: string }[] = [
  { image: /opentelemetry-collector$/, path: "/etc/otelcol/config.yaml" },
  { image: /opentelemetry-collector-contrib$/, path: "/etc/otelcol-contrib/config.yaml" },
  { image: /opentelemetry-collector-k8s$/, path: "/etc/otelcol-k8s/config.yaml" },
  { image: /opentelemetry-collector-otlp$/, path: "/etc/otelcol-otlp/config.yaml" },
];

/** The protocols of the `otlp` receiver, and the ports that it listens on unless it is told otherwise. */
export const receiverPorts: Readonly<Record<"grpc" | "http", number>> = { grpc: 4317, http: 4318 };
