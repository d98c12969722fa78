// One of everything OTLP carries, set up from the environment alone.
import { metrics, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK({ serviceName: "three-signals" });
sdk.start();

trace.getTracer("t").startActiveSpan("outer", (outer) => {
  trace.getTracer("t").startSpan("inner").end();
  outer.end();
});
const meter = metrics.getMeter("m");
meter.createCounter("jobs").add(1, { kind: "a" });
meter.createCounter("jobs").add(1, { kind: "b" });
meter.createHistogram("millis").record(12);
meter.createGauge("depth").record(3);
logs.getLogger("l").emit({ body: "tschüß" });
console.log("recorded 7");
await sdk.shutdown();
