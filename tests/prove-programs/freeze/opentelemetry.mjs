import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();
const tracer = trace.getTracer("orders");

const work = (n) => tracer.startSpan(`order ${n}`).end();

export const nothing = async ({ n }) => work(n);

export const floating = async ({ n }) => {
  work(n);
  void provider.forceFlush();
};

export const flushed = async ({ n }) => {
  work(n);
  await provider.forceFlush();
};

export const closed = async ({ n }) => {
  work(n);
  await provider.shutdown();
};

export const beforeItsEnd = async ({ n }) =>
  tracer.startActiveSpan(`order ${n}`, async (span) => {
    try {
      return "ok";
    } finally {
      await provider.forceFlush();
      span.end();
    }
  });
