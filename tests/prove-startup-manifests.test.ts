import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  address,
  arrived,
  freePort,
  grpc,
  http,
  http208,
  listenGrpc,
  listenHttp,
  newest,
  program,
  repair,
  repository,
  run,
  type Line,
} from "./support/late-collector.js";
import { composeUp, runPod, type Machine, type Outcome } from "./support/manifest-stand-in.js";

/** The same repository as it is and as the rule repairs it, each on a machine of its own. */
async function twice(
  line: Line,
  files: Record<string, string>,
  check: string,
  go: (machine: Machine) => Promise<Outcome>,
  times: { slowMillis: number; liveMillis: number },
): Promise<{ was: Outcome; is: Outcome }> {
  const [before, repaired] = [repository(line, files), repository(line, files)];
  const listen = line.exporter === grpc ? listenGrpc : listenHttp;
  const on = async (root: string): Promise<Outcome> => go({ root, port: await freePort(), listen, ...times });
  try {
    expect(repair(repaired, check)).toEqual([check]);
    expect(repair(repaired, check)).toEqual([]);
    const [was, is] = await Promise.all([on(before), on(repaired)]);
    return { was, is };
  } finally {
    for (const root of [before, repaired]) rmSync(root, { recursive: true, force: true });
  }
}

/** The program says when it is told to end how many spans it has made. */
const counting = (line: Line): string =>
  program(line, address).replace(
    'process.once("SIGTERM", () => {\n',
    'process.once("SIGTERM", () => {\n  console.log(`made ${made}`);\n',
  );

/** How many of the spans that a program made did not arrive. */
function lostOf({ text, output }: Outcome): number {
  const made = Number(/made (\d+)/.exec(output)?.[1]);
  const sent = new Set([...text.matchAll(/work-(\d+)!/g)].map((m) => Number(m[1])));
  return Array.from({ length: made }, (_, i) => i).filter((i) => !sent.has(i)).length;
}

const compose = (collector: string, orders = ""): string => `services:
  orders:
    build: .
    environment:
      COLLECTOR_URL: http://collector:4318/v1/traces
${orders}  collector:
    image: otel/opentelemetry-collector-contrib:0.139.0
${collector}`;

const database = `    depends_on:
      database:
        condition: service_healthy
  database:
    image: postgres:17
    healthcheck:
      test: ["CMD", "pg_isready"]
      interval: 3s
`;

const waits = `    depends_on:
      collector:
        condition: service_healthy
`;

const wget = `    healthcheck:
      test: ["CMD", "wget", "--spider", "-q", "http://localhost:13133"]
      interval: 1s
`;

const pod = (port: number, lifecycle = ""): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  template:
    spec:
      containers:
        - name: orders
          image: ghcr.io/shop/orders:1.4.2
${lifecycle}        - name: collector
          image: otel/opentelemetry-collector-contrib:0.140.0
          ports:
            - containerPort: ${String(port)}
`;

const preStop = `          env:
            - name: COLLECTOR_URL
              value: http://localhost:4318/v1/traces
          lifecycle:
            preStop:
              sleep:
                seconds: 2
`;

const grpcEnv = `          env:
            - name: COLLECTOR_URL
              value: http://localhost:4317
`;

const dockerfile = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n';

describe.concurrent("services of a compose file", () => {
  it.concurrent(
    "lose what they send before a collector that waits, and nothing when they wait for it",
    async () => {
      const files = { "server.js": counting(http208), "compose.yaml": compose(database) };
      const times = { slowMillis: 0, liveMillis: 2500 };
      const { was, is } = await twice(http208, files, "late-collector", composeUp, times);
      expect(was.text).toContain("work-");
      expect(lostOf(was)).toBeGreaterThan(10);
      expect(is.text).toContain("work-");
      expect(lostOf(is)).toBe(0);
    },
    40_000,
  );

  it.concurrent(
    "are never started when they wait for a health check without its program",
    async () => {
      const line = newest(http);
      const files = { "server.js": counting(line), "compose.yaml": compose(wget, waits) };
      const times = { slowMillis: 0, liveMillis: 2500 };
      const { was, is } = await twice(line, files, "no-health-check", composeUp, times);
      expect(was).toEqual({ text: "", output: "" });
      expect(is.text).toContain("work-");
      expect(lostOf(is)).toBe(0);
    },
    40_000,
  );
});

describe.concurrent("a collector in the pod of its program", () => {
  it.concurrent(
    "comes too late as an ordinary container, and in time as a native sidecar",
    async () => {
      const line = newest(grpc);
      const files = {
        "server.js": counting(line),
        "orders.yaml": pod(4317, grpcEnv),
        Dockerfile: dockerfile,
      };
      const times = { slowMillis: 3000, liveMillis: 4500 };
      const { was, is } = await twice(line, files, "sidecar", runPod, times);
      expect(was.text).toContain("work-");
      expect(lostOf(was)).toBeGreaterThan(10);
      expect(is.text).toContain("work-");
      expect(lostOf(is)).toBe(0);
    },
    40_000,
  );

  it.concurrent(
    "goes before its program as an ordinary container, and after it as a native sidecar",
    async () => {
      const line = newest(http);
      const files = {
        "server.js": counting(line),
        "orders.yaml": pod(4318, preStop),
        Dockerfile: dockerfile,
      };
      const times = { slowMillis: 0, liveMillis: 2500 };
      const { was, is } = await twice(line, files, "sidecar", runPod, times);
      expect(was.text).toContain("work-");
      expect(lostOf(was)).toBeGreaterThan(10);
      expect(is.text).toContain("work-");
      expect(lostOf(is)).toBe(0);
    },
    40_000,
  );
});

describe.concurrent("settings of the first seconds", () => {
  it.concurrent(
    "a queue of 70 drops what comes before the collector, and one of the usual size keeps it",
    async () => {
      const line = newest(http);
      const server = program(line, address)
        .replace(
          "{ scheduledDelayMillis: 300 }",
          "{ scheduledDelayMillis: 300, maxQueueSize: 70, maxExportBatchSize: 70 }",
        )
        .replace(
          "setInterval(() => tracer",
          "setInterval(() => { while (made * 15 < performance.now() - begun) tracer",
        )
        .replace(".end(), 50)", ".end() }, 50);\nconst begun = performance.now()");
      const [before, repaired] = [
        repository(line, { "server.js": server }),
        repository(line, { "server.js": server }),
      ];
      try {
        expect(repair(repaired)).toEqual(["small-queue"]);
        const late = { lateMillis: 3000, liveMillis: 4500 };
        const [was, is] = await Promise.all([run(before, late), run(repaired, late)]);
        expect(arrived(was.text).lost).toBeGreaterThan(10);
        expect(arrived(is.text)).toEqual({ some: true, lost: 0 });
      } finally {
        for (const root of [before, repaired]) rmSync(root, { recursive: true, force: true });
      }
    },
    40_000,
  );

  it.concurrent(
    "an address that is set too late is not the one that spans go to",
    async () => {
      const line = newest(http);
      const telemetry = program(line, "{ url: process.env.TRACES_URL }");
      const server = `import "./telemetry.js";

process.env.TRACES_URL = \`\${process.env.COLLECTOR_URL ?? ""}\`;
`;
      const root = repository(line, { "server.js": server, "telemetry.js": telemetry });
      try {
        const given = { OTEL_EXPORTER_OTLP_ENDPOINT: undefined };
        const was = await run(root, { lateMillis: 0, liveMillis: 1500, given });
        expect(repair(root)).toEqual(["late-endpoint"]);
        const is = await run(root, { lateMillis: 0, liveMillis: 1500, given });
        expect(was.text).not.toContain("work-");
        expect(arrived(is.text)).toEqual({ some: true, lost: 0 });
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    },
    40_000,
  );
});
