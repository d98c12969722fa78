import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  address,
  arrived,
  freePort,
  grpc,
  http,
  http057,
  http208,
  http209,
  hurried,
  install,
  newest,
  program,
  repair,
  repository,
  run,
} from "./support/late-collector.js";

const late = { lateMillis: 3000, liveMillis: 4500 };

describe.concurrent("a program that starts before its collector", () => {
  it.concurrent.each([
    { what: "HTTP 0.57", line: http057, options: address, check: "no-retry", after: http057.folders },
    { what: "HTTP 0.208", line: http208, options: address, check: "no-retry", after: http209.folders },
    { what: "gRPC 0.223", line: newest(grpc), options: address, check: "no-retry", after: {} },
    {
      what: "HTTP in a hurry",
      line: newest(http),
      options: hurried,
      check: "timeout-below-retry",
      after: {},
    },
  ])(
    "loses its first spans, and none when it is repaired: $what",
    async ({ line, options, check, after }) => {
      const isGrpc = line.exporter === grpc;
      const before = repository(line, { "server.js": program(line, options) });
      const repaired = repository(line, { "server.js": program(line, options) });
      try {
        expect(repair(repaired)).toEqual([check]);
        expect(repair(repaired)).toEqual([]);
        install(repaired, after);
        const [was, is] = await Promise.all([
          run(before, { ...late, isGrpc }),
          run(repaired, { ...late, isGrpc }),
        ]);
        expect(arrived(was.text).some).toBe(true);
        expect(arrived(was.text).lost).toBeGreaterThan(5);
        expect(arrived(is.text)).toEqual({ some: true, lost: 0 });
        expect(is.endedIn).toBeLessThan(3000);
      } finally {
        for (const root of [before, repaired]) rmSync(root, { recursive: true, force: true });
      }
    },
    40_000,
  );

  it.concurrent(
    "ends in time when the collector never comes, repaired or not",
    async () => {
      const root = repository(http057, { "server.js": program(http057, address) });
      try {
        expect(repair(root)).toEqual(["no-retry"]);
        expect(await endedWithoutCollector(root)).toBeLessThan(15_000);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    },
    40_000,
  );
});

/** How long a program takes to end that never had a collector. */
async function endedWithoutCollector(root: string): Promise<number> {
  const env = { ...process.env, COLLECTOR_URL: `http://127.0.0.1:${String(await freePort())}/v1/traces` };
  const child = spawn(process.execPath, ["server.js"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  await sleep(1000);
  const told = performance.now();
  child.kill("SIGTERM");
  await exited;
  return performance.now() - told;
}

const metricsFile = `import { metrics } from "@opentelemetry/api";

const meter = metrics.getMeter("orders");
export const packed = meter.createCounter("orders.packed");
`;
const telemetryFile = `import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { NodeSDK, metrics } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK({
  metricReaders: [new metrics.PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
});
sdk.start();

process.once("SIGTERM", () => {
  sdk
    .shutdown()
    .catch(console.error)
    .finally(() => process.exit(0));
});
`;
const countingFile = `import { packed } from "./metrics.js";
import "./telemetry.js";

setInterval(() => packed.add(1), 50);
console.log("up");
`;

describe.concurrent("a meter that is made before the SDK starts", () => {
  it.concurrent(
    "counts nothing, and all when the SDK starts first",
    async () => {
      const root = repository(newest(http), {
        "server.js": countingFile,
        "metrics.js": metricsFile,
        "telemetry.js": telemetryFile,
      });
      try {
        const was = await run(root, { lateMillis: 0, liveMillis: 500 });
        expect(repair(root)).toEqual(["early-meter"]);
        const is = await run(root, { lateMillis: 0, liveMillis: 500 });
        expect(was.text).not.toContain("orders.packed");
        expect(is.text).toContain("orders.packed");
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    },
    40_000,
  );
});
