import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeSDK } from "@opentelemetry/sdk-node";

export const sdk = new NodeSDK({
  serviceName: "orders",
  traceExporter: new OTLPTraceExporter(),
});

sdk.start();
