// What a server sees of a call of `fetch` with options, and how often the call was measured.
import { once } from "node:events";
import http from "node:http";
import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { tell } from "./spans.mjs";

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
metrics.setGlobalMeterProvider(meters);
await import(`${process.cwd()}/${process.argv[2]}`);

const seen = [];
const server = http
  .createServer((request, response) => {
    seen.push(request.method);
    response.end("ok");
  })
  .listen(0, "127.0.0.1");
await once(server, "listening");
const response = await fetch(`http://127.0.0.1:${server.address().port}/`, { method: "POST" });
await meters.forceFlush();
const [metric] = exporter.getMetrics().at(-1).scopeMetrics[0].metrics;
tell({ seen, status: response?.status ?? null, measured: metric.dataPoints[0].value.count });
await meters.shutdown();
server.closeAllConnections();
server.close();
process.disconnect();
