// How much of a long answer express takes in while its reader does not read.
import http from "node:http";
import net from "node:net";
import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import express from "express";
import { tell } from "./spans.mjs";

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
metrics.setGlobalMeterProvider(meters);
await import(`${process.cwd()}/src/count-bytes.js`);

const megabyte = Buffer.alloc(1 << 20);
let produced = 0;
const app = express();
app.get("/", (_request, response) => {
  const chunks = Readable.from(
    (function* () {
      for (; produced < 64; produced++) yield megabyte;
    })(),
    { objectMode: false },
  );
  chunks.pipe(response);
});
const server = http.createServer(app).listen(0, "127.0.0.1");
await once(server, "listening");

const client = net.connect(server.address().port, "127.0.0.1");
client.pause();
client.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
await wait(1_000);
const waiting = produced;

let received = 0;
client.on("data", (data) => (received += data.length));
client.resume();
await once(client, "close");
await meters.forceFlush();
const [point] = exporter.getMetrics().at(-1).scopeMetrics[0].metrics[0].dataPoints;
tell({ waiting, received, counted: point.value });
await meters.shutdown();
server.close();
process.disconnect();
