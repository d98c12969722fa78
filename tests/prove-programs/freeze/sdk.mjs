import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";

new NodeSDK({ serviceName: "orders", metricReaders: [], logRecordProcessors: [] }).start();

const work = (n) => trace.getTracer("orders").startSpan(`order ${n}`).end();

export const nothing = async ({ n }) => work(n);

export const flushed = async ({ n }) => {
  work(n);
  await trace.getTracerProvider().getDelegate().forceFlush();
};
