/**
 * Azure Monitor's OpenTelemetry distributions and exporters.
 *
 * Read in @azure/monitor-opentelemetry 1.20.0, @azure/monitor-opentelemetry-exporter 1.0.0-beta.45 and
 * @microsoft/opentelemetry 1.4.0. Measured with 1.20.0: an exit, a natural end and a crash lose spans; `shutdownAzureMonitor`
 * rejects after 30 s when the endpoint is silent and returns undefined when nothing was started. There is no public flush.
 */
import type { Vendor } from "../schema.js";
import { exporter } from "./opentelemetry-classes.js";

export const azureMonitor: Vendor = {
  name: "Azure Monitor",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  crash: { reporter: false, hears: [], tell: "span.recordException(%)" },
  packages: [
    {
      specifiers: ["@azure/monitor-opentelemetry"],
      exports: {
        useAzureMonitor: { kind: "function", role: "start", style: "sync" },
        shutdownAzureMonitor: {
          kind: "function",
          role: "close",
          style: "promise",
          rejects: true,
          boundMillis: 30_000,
        },
      },
    },
    {
      specifiers: ["@azure/monitor-opentelemetry-exporter"],
      exports: {
        AzureMonitorTraceExporter: exporter,
        AzureMonitorMetricExporter: exporter,
        AzureMonitorLogExporter: exporter,
      },
    },
    {
      specifiers: ["@microsoft/opentelemetry"],
      exports: {
        useMicrosoftOpenTelemetry: { kind: "function", role: "start", style: "sync" },
        shutdownMicrosoftOpenTelemetry: { kind: "function", role: "close", style: "promise", rejects: true },
      },
    },
  ],
};
