import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyEdits } from "../src/cli/apply/edits.js";
import { Workspace } from "../src/workspace.js";

const packages = path.join(import.meta.dirname, "../node_modules");
const names = ["api", "sdk-node", "sdk-trace-node", "sdk-metrics"];
const exporters = ["trace-otlp-http", "trace-otlp-grpc", "metrics-otlp-http"].map(
  (name) => `exporter-${name}`,
);
const ofFirst = ["sdk-node", "sdk-trace-node", "exporter-trace-otlp-http"];

type Major = 1 | 2;

/** Counts the spans of a name that come over HTTP, and the requests that come over gRPC, at ports of their own. */
let received = { spans: 0, metrics: 0, calls: 0 };
const overHttp = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += String(chunk)));
  request.on("end", () => {
    if (request.url === "/v1/traces") received.spans += body.split('"name":"work"').length - 1;
    else if (request.url === "/v1/metrics") received.metrics += 1;
    else response.statusCode = 404;
    response.end("{}");
  });
});
const overGrpc = createHttp2();
overGrpc.on("stream", (stream) => {
  stream.on("data", () => undefined);
  stream.on("end", () => {
    received.calls += 1;
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(Buffer.alloc(5));
  });
});
overGrpc.on("sessionError", () => undefined);

beforeAll(async () => {
  overHttp.listen(0, "127.0.0.1");
  overGrpc.listen(0, "127.0.0.1");
  await Promise.all([once(overHttp, "listening"), once(overGrpc, "listening")]);
});

afterAll(() => {
  overHttp.close();
  overHttp.closeAllConnections();
  overGrpc.close();
});

function programOf(major: Major, main: string): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-processors-")));
  const range = (name: string): string =>
    name === "api"
      ? "^1.9.0"
      : major === 1
        ? /^sdk-trace/.test(name)
          ? "1.30.1"
          : "0.57.2"
        : /^sdk-(trace|metrics)/.test(name)
          ? "^2.12.0"
          : "^0.223.0";
  const dependencies = Object.fromEntries(
    [...names, ...exporters].map((n) => [`@opentelemetry/${n}`, range(n)]),
  );
  writeFileSync(
    path.join(root, "package.json"),
    JSON.stringify({
      name: "job",
      private: true,
      type: "module",
      scripts: { start: "node main.mjs" },
      dependencies,
    }),
  );
  writeFileSync(path.join(root, "main.mjs"), main);
  const scope = path.join(root, "node_modules/@opentelemetry");
  mkdirSync(scope, { recursive: true });
  for (const name of [...names, ...exporters])
    symlinkSync(
      major === 1 && ofFirst.includes(name)
        ? path.join(packages, `otel-1-${name}`)
        : path.join(packages, "@opentelemetry", name),
      path.join(scope, name),
      "junction",
    );
  return root;
}

/** Runs the program with the ports of the collectors in place of the usual ones, for at most `millis`. */
async function run(
  root: string,
  main: string,
  millis: number,
): Promise<typeof received & { ended: boolean }> {
  received = { spans: 0, metrics: 0, calls: 0 };
  const portOf = (server: { address(): AddressInfo | string | null }): string =>
    String((server.address() as AddressInfo).port);
  const text = main.replaceAll(/431[78]/g, (port) => portOf(port === "4318" ? overHttp : overGrpc));
  writeFileSync(path.join(root, "running.mjs"), text);
  const env = {
    ...process.env,
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(overHttp)}`,
  };
  const child = spawn(process.execPath, ["running.mjs"], { cwd: root, env, stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), millis);
  const [code] = (await once(child, "exit")) as [number | null];
  clearTimeout(timer);
  return { ...received, ended: code !== null };
}

/** What arrives before the repair, and after it. */
async function proof(
  major: Major,
  main: string,
  check: string,
  millis = 15_000,
): Promise<{ before: Awaited<ReturnType<typeof run>>; after: Awaited<ReturnType<typeof run>> | undefined }> {
  const root = programOf(major, main);
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["safe-processor-config"] });
  const { findings } = workspace.analyse();
  expect(findings.map((finding) => finding.check)).toEqual([check]);
  const repairs = findings.flatMap((finding) => workspace.repair(finding)?.edits ?? []);
  const before = await run(root, main, millis);
  const after = repairs.length === 0 ? undefined : await run(root, applyEdits(main, repairs), 15_000);
  rmSync(root, { recursive: true });
  return { before, after };
}

const head = `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
`;
const work = (count: number): string => `
const tracer = provider.getTracer("job");
for (let i = 0; i < ${String(count)}; i++) tracer.startSpan("work").end();
`;
const close = "await provider.shutdown().catch(() => {});\n";
const withOptions = (options: string, count: number): string =>
  `${head}const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), ${options})] });
provider.register();${work(count)}${close}`;
const withUrl = (url: string): string =>
  `${head}const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: "${url}" }))],
});
provider.register();${work(5)}${close}`;

describe.each([1, 2] as const)("with version %i of the SDK", (major) => {
  it("the base address as url loses everything", async () => {
    const { before, after } = await proof(major, withUrl("http://127.0.0.1:4318"), "endpoint");
    expect([before.spans, after?.spans]).toEqual([0, 5]);
  }, 60_000);

  it("an HTTP exporter at the port of gRPC loses everything", async () => {
    const { before, after } = await proof(major, withUrl("http://127.0.0.1:4317"), "endpoint");
    expect([before.spans, before.calls, after?.spans]).toEqual([0, 0, 5]);
  }, 60_000);

  it("more batches than the exporter sends at once lose the rest at the end", async () => {
    const main = withOptions("{ maxQueueSize: 4096, maxExportBatchSize: 64 }", 4000);
    const { before, after } = await proof(major, main, "sizes");
    expect([before.spans, after?.spans]).toEqual([1920, 4000]);
  }, 60_000);

  it("a batch size of 0 hangs the end of the program", async () => {
    const { before, after } = await proof(major, withOptions("{ maxExportBatchSize: 0 }", 5), "sizes", 4000);
    expect([before.spans, before.ended]).toEqual([0, false]);
    expect([after?.spans, after?.ended]).toEqual([5, true]);
  }, 60_000);

  it("a queue of 0 drops everything", async () => {
    const { before, after } = await proof(major, withOptions("{ maxQueueSize: 0 }", 5), "sizes");
    expect([before.spans, after?.spans]).toEqual([0, 5]);
  }, 60_000);

  it("a processor that is given twice sends everything twice", async () => {
    const main = `${head}const spans = new BatchSpanProcessor(new OTLPTraceExporter());
const provider = new NodeTracerProvider({ spanProcessors: [spans, spans] });
provider.register();${work(5)}${close}`;
    const { before, after } = await proof(major, main, "sent-twice");
    expect([before.spans, after?.spans]).toEqual([10, 5]);
  }, 60_000);

  it("a simple processor loses a burst in a server", async () => {
    const main = `import { createServer } from "node:http";
${head}const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())] });
provider.register();
const server = createServer((request, response) => response.end("ok"));
server.listen(0);
${work(200)}
await provider.forceFlush().catch(() => {});
server.close();
${close}`;
    const { before, after } = await proof(major, main, "simple-processor");
    expect([before.spans, after?.spans]).toEqual([30, 200]);
  }, 60_000);

  it("a flush of the exporter leaves the spans in the processor", async () => {
    const main = `${head}
class Tracing {
  constructor() {
    const exporter = new OTLPTraceExporter();
    const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    provider.register();
    this.exporter = exporter;
    this.provider = provider;
  }
  async flush() {
    await this.exporter.forceFlush();
  }
}
const tracing = new Tracing();
tracing.provider.getTracer("job").startSpan("work").end();
await tracing.flush();
`;
    const { before, after } = await proof(major, main, "wrong-link");
    expect([before.spans, after?.spans]).toEqual([0, 1]);
  }, 60_000);
});

const sdkHead = `import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeSDK } from "@opentelemetry/sdk-node";
`;

describe("with version 2 of the SDK", () => {
  it("a second start of one SDK loses what it holds", async () => {
    const main = `${sdkHead}const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter() });
sdk.start();
sdk.start();
trace.getTracer("job").startSpan("work").end();
await sdk.shutdown();
`;
    const { before, after } = await proof(2, main, "started-twice");
    expect([before.spans, after?.spans]).toEqual([0, 1]);
  }, 60_000);

  it("the exporters of a second SDK get nothing", async () => {
    const main = `${sdkHead}const sdk = new NodeSDK({ serviceName: "job", spanProcessors: [] });
const other = new NodeSDK({ traceExporter: new OTLPTraceExporter({ url: "http://127.0.0.1:4318/v1/traces" }) });
const first = new NodeSDK({ traceExporter: new OTLPTraceExporter({ url: "http://127.0.0.1:9/v1/traces", timeoutMillis: 500 }) });
first.start();
other.start();
trace.getTracer("job").startSpan("work").end();
await Promise.allSettled([first.shutdown(), other.shutdown(), sdk.shutdown()]);
`;
    const { before, after } = await proof(2, main, "started-twice");
    expect([before.spans, after]).toEqual([0, undefined]);
  }, 60_000);

  it("a gRPC exporter without http:// loses everything", async () => {
    const main = `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
const exporter = new OTLPTraceExporter({ url: "127.0.0.1:4317", timeoutMillis: 2000 });
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
provider.register();${work(5)}${close}process.exit(0);
`;
    const { before, after } = await proof(2, main, "endpoint");
    expect([before.calls, after?.calls]).toEqual([0, 1]);
  }, 60_000);

  it("a gRPC exporter at the port of HTTP loses everything", async () => {
    const main = `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
const exporter = new OTLPTraceExporter({ url: "http://127.0.0.1:4318", timeoutMillis: 2000 });
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
provider.register();${work(5)}${close}process.exit(0);
`;
    const { before, after } = await proof(2, main, "endpoint");
    expect([before.spans, before.calls, after?.calls]).toEqual([0, 0, 1]);
  }, 60_000);

  it("a base address with the path of a signal gets it twice", async () => {
    const main = `import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:4318/v1/traces";
process.env.OTEL_EXPORTER_OTLP_PROTOCOL = "http/json";
const sdk = new NodeSDK();
sdk.start();
trace.getTracer("job").startSpan("work").end();
await sdk.shutdown().catch(() => {});
`;
    const { before, after } = await proof(2, main, "endpoint");
    expect([before.spans, after?.spans]).toEqual([0, 1]);
  }, 60_000);

  it("a reader whose timeout is above its interval sends no metric", async () => {
    const main = `import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
const provider = new MeterProvider({
  readers: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      exportIntervalMillis: 10_000,
      exportTimeoutMillis: 30_000,
    }),
  ],
});
provider.getMeter("job").createCounter("done").add(1);
await provider.shutdown();
`;
    const { before, after } = await proof(2, main, "timing");
    expect([before.metrics, after?.metrics]).toEqual([0, 1]);
  }, 60_000);
});
