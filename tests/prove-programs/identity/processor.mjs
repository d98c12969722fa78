// Spans behind a processor that was put in front of another one, when the provider is shut down.
import { once } from "node:events";
import { createServer } from "node:http";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { load, outcome, tell } from "./tell.mjs";

let spans = 0;
const collector = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  spans += JSON.parse(body).resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)).length;
  response.setHeader("content-type", "application/json").end("{}");
}).listen(0, "127.0.0.1");
await once(collector, "listening");
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${collector.address().port}`;

const { processor } = await load("src/processor.ts");
const provider = new NodeTracerProvider({ spanProcessors: [processor] });
const tracer = provider.getTracer("orders");
const shutdown = await outcome(async () => {
  tracer.startSpan("GET /orders").end();
  tracer.startSpan("GET /health", { attributes: { "http.route": "/health" } }).end();
  await provider.shutdown();
  return "done";
});
tell({ shutdown, spans });
process.exit();
