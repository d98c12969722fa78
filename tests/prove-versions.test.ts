import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { applyEdits } from "../src/cli/apply/edits.js";
import { isIn, versionOf } from "../src/versions/ranges.js";
import { Workspace } from "../src/workspace.js";

const home = path.resolve(import.meta.dirname, "../node_modules");

/** Folders of what is installed here under each name, the old versions as aliases. */
const installed: Record<string, string[]> = {
  "@opentelemetry/exporter-trace-otlp-http": ["otel-1-exporter-trace-otlp-http"],
  "@opentelemetry/sdk-node": ["otel-1-sdk-node"],
  "@opentelemetry/sdk-trace-node": ["otel-1-sdk-trace-node"],
};

const close = `
await sdk.shutdown().catch((error) => console.error(error.message));
process.exit();
`;

const tracing = `import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeSDK } from "@opentelemetry/sdk-node";

process.on("uncaughtException", (error) => console.error(error.message));
const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter() });
sdk.start();
trace.getTracer("orders").startSpan("sent").end();
setTimeout(() => process.exit(1), 3000).unref();
${close}`;

const provider = `import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const sdk = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
sdk.register();
trace.getTracer("orders").startSpan("sent").end();
setTimeout(() => process.exit(1), 3000).unref();
${close}`;

const metrics = `import { metrics } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK({
  metricReader: new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() }),
});
sdk.start();
metrics.getMeter("orders").createCounter("sent").add(1);
${close}`;

const resource = `import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK({
  resource: resourceFromAttributes({ "service.name": "orders" }),
  traceExporter: new OTLPTraceExporter(),
});
sdk.start();
trace.getTracer("orders").startSpan("sent").end();
${close}`;

let collector: Server;
let received = "";
const roots: string[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received += Buffer.concat(parts).toString("latin1");
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
});
afterAll(() => {
  collector.close();
});
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** Gives a program the versions that its package.json asks for, as an installation would. */
function install(root: string): void {
  const text = readFileSync(path.join(root, "package.json"), "utf8");
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  rmSync(path.join(root, "node_modules"), { recursive: true, force: true });
  mkdirSync(path.join(root, "node_modules/@opentelemetry"), { recursive: true });
  for (const [name, range] of Object.entries(dependencies)) {
    const found = [name, ...(installed[name] ?? [])]
      .map((folder) => path.join(home, folder))
      .find((folder) => {
        const manifest = readFileSync(path.join(folder, "package.json"), "utf8");
        const version = versionOf((JSON.parse(manifest) as { version: string }).version);
        return version !== undefined && isIn(version, range) === true;
      });
    if (found === undefined) throw new Error(`${name} ${range} is not installed here`);
    symlinkSync(realpathSync(found), path.join(root, "node_modules", name));
  }
}

function program(text: string, dependencies: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-versions-")));
  roots.push(root);
  const manifest = {
    name: "orders",
    private: true,
    type: "module",
    scripts: { start: "node main.js" },
    dependencies,
  };
  writeFileSync(path.join(root, "package.json"), JSON.stringify(manifest, null, 2));
  writeFileSync(path.join(root, "main.js"), text);
  return root;
}

/** Runs a program with what its package.json asks for. */
async function ran(root: string): Promise<{ arrived: boolean; said: string }> {
  install(root);
  received = "";
  const { port } = collector.address() as AddressInfo;
  const env = {
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
    OTEL_METRICS_EXPORTER: "none",
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  const child = spawn(process.execPath, ["main.js"], { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said += part.toString()));
  await once(child, "close");
  return { arrived: received.includes("sent"), said };
}

function versionFindings(root: string): { messages: string[]; repaired: boolean } {
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["safe-processor-config"] });
  const { findings } = workspace.analyse();
  let repaired = false;
  for (const finding of findings) {
    const edits = workspace.repair(finding)?.edits ?? [];
    if (edits.length === 0) continue;
    repaired = true;
    writeFileSync(path.join(root, "package.json"), applyEdits(workspace.read("package.json") ?? "", edits));
  }
  return { messages: findings.map(({ message }) => message), repaired };
}

const exporter = "@opentelemetry/exporter-trace-otlp-http";
const api = { "@opentelemetry/api": "^1.9.0" };

interface Mix {
  mix: string;
  text: string;
  dependencies: Record<string, string>;
  /** What else has to be another version for the whole to fit. */
  fits?: Record<string, string>;
  fails: string;
}

describe("versions that do not work together", () => {
  it.each<Mix>([
    {
      mix: "an exporter of version 2 in the SDK of version 1",
      text: tracing,
      dependencies: { [exporter]: "^0.223.0", "@opentelemetry/sdk-node": "^0.57.2" },
      fails: "reading 'name'",
    },
    {
      mix: "an exporter of version 1 in the SDK of version 2",
      text: tracing,
      dependencies: { [exporter]: "^0.57.2", "@opentelemetry/sdk-node": "^0.223.0" },
      fails: "reading 'name'",
    },
    {
      mix: "an exporter of version 2 in a provider of version 1",
      text: provider,
      dependencies: { [exporter]: "^0.223.0", "@opentelemetry/sdk-trace-node": "^1.30.1" },
      // the processor tells nobody but the logger of the API
      fails: "",
    },
  ])("$mix: nothing arrives before the repair, all of it after", async ({ text, dependencies, fails }) => {
    const root = program(text, { ...api, ...dependencies });
    const before = await ran(root);
    expect(before.arrived).toBe(false);
    expect(before.said).toContain(fails);
    const { messages, repaired } = versionFindings(root);
    expect(messages).toHaveLength(1);
    expect(repaired).toBe(true);
    expect((await ran(root)).arrived).toBe(true);
    expect(versionFindings(root).messages).toEqual([]);
  });

  it.each<Mix>([
    {
      mix: "a metric exporter of version 2 in the SDK of version 1",
      text: metrics,
      dependencies: {
        "@opentelemetry/exporter-metrics-otlp-http": "^0.223.0",
        "@opentelemetry/sdk-metrics": "^2.12.0",
      },
      fails: "createAggregator is not a function",
    },
    {
      mix: "a resource of version 2 in the SDK of version 1",
      text: resource,
      dependencies: { [exporter]: "^0.57.2", "@opentelemetry/resources": "^2.12.0" },
      fits: { [exporter]: "^0.223.0" },
      fails: "getRawAttributes is not a function",
    },
  ])(
    "$mix ends the program, and the SDK of version 2 does not",
    async ({ text, dependencies, fits, fails }) => {
      const mixed = program(text, { ...api, ...dependencies, "@opentelemetry/sdk-node": "^0.57.2" });
      const before = await ran(mixed);
      expect(before.arrived).toBe(false);
      expect(before.said).toContain(fails);
      expect(versionFindings(mixed).messages).toHaveLength(1);

      const fitting = program(text, {
        ...api,
        ...dependencies,
        ...fits,
        "@opentelemetry/sdk-node": "^0.223.0",
      });
      expect((await ran(fitting)).arrived).toBe(true);
      expect(versionFindings(fitting).messages).toEqual([]);
    },
  );
});
