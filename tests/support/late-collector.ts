import { Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { createServer as createPort, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { applyEdits } from "../../src/cli/apply/edits.js";
import { Workspace } from "../../src/workspace.js";

const packages = path.resolve(import.meta.dirname, "../../node_modules");
export const http = "@opentelemetry/exporter-trace-otlp-http";
export const grpc = "@opentelemetry/exporter-trace-otlp-grpc";

/** A version that a program asks for, and the folders of its packages. */
export interface Line {
  exporter: string;
  range: string;
  folders: Record<string, string>;
}
const sdk1 = { "@opentelemetry/sdk-trace-node": "otel-1-sdk-trace-node" };
export const http057: Line = {
  exporter: http,
  range: "^0.57.2",
  folders: { ...sdk1, [http]: "otel-1-exporter-trace-otlp-http" },
};
export const http208: Line = {
  exporter: http,
  range: "^0.208.0",
  folders: { [http]: "otel-0-208-exporter-trace-otlp-http" },
};
export const http209: Line = {
  exporter: http,
  range: "^0.209.0",
  folders: { [http]: "otel-0-209-exporter-trace-otlp-http" },
};
export const newest = (exporter: string): Line => ({ exporter, range: "^0.223.0", folders: {} });

/** A service that records a span every 50 ms and sends them every 300 ms. */
export const program = ({ exporter, folders }: Line, options: string): string => {
  const processor = `new BatchSpanProcessor(new OTLPTraceExporter(${options}), { scheduledDelayMillis: 300 })`;
  const isFirst = "@opentelemetry/sdk-trace-node" in folders;
  // the exporter loads it with its first batch, which takes a busy machine longer than a collector needs
  const early = exporter === grpc ? 'import "@grpc/grpc-js";\n' : "";
  return `${early}import { OTLPTraceExporter } from "${exporter}";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider(${isFirst ? "" : `{ spanProcessors: [${processor}] }`});
${isFirst ? `provider.addSpanProcessor(${processor});\n` : ""}provider.register();

const tracer = provider.getTracer("orders");
let made = 0;
setInterval(() => tracer.startSpan(\`work-\${made++}!\`).end(), 50);
console.log("up");

process.once("SIGTERM", () => {
  provider
    .shutdown()
    .catch(console.error)
    .finally(() => process.exit(0));
});
`;
};

export const address = "{ url: process.env.COLLECTOR_URL }";
export const hurried = "{ url: process.env.COLLECTOR_URL, timeoutMillis: 700 }";

/** A repository whose packages are those that its package.json asks for. */
export function repository(line: Line, files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-startup-")));
  const dependencies = { [line.exporter]: line.range };
  const manifest = {
    name: "orders",
    private: true,
    type: "module",
    scripts: { start: "node server.js" },
    dependencies,
  };
  writeFileSync(path.join(root, "package.json"), JSON.stringify(manifest, undefined, 2));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  install(root, line.folders);
  return root;
}

export function install(root: string, folders: Record<string, string>): void {
  const scope = path.join(root, "node_modules/@opentelemetry");
  rmSync(scope, { recursive: true, force: true });
  mkdirSync(scope, { recursive: true });
  if (!existsSync(path.join(root, "node_modules/@grpc")))
    symlinkSync(path.join(packages, "@grpc"), path.join(root, "node_modules/@grpc"));
  for (const name of readdirSync(path.join(packages, "@opentelemetry")))
    symlinkSync(
      path.join(packages, folders[`@opentelemetry/${name}`] ?? `@opentelemetry/${name}`),
      path.join(scope, name),
    );
}

/**
 * Applies what the rule offers in its strict form, and says which checks spoke.
 * @param only the check whose repairs are wanted
 */
export function repair(root: string, only?: string): string[] {
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["no-startup-loss"], strict: true });
  const { findings: all } = workspace.analyse();
  const findings = all.filter((finding) => only === undefined || finding.check === only);
  for (const finding of findings) {
    const edits = workspace.repair(finding)?.edits ?? [];
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const own = edits.filter((edit) => edit.file === file);
      writeFileSync(path.join(root, file), applyEdits(readFileSync(path.join(root, file), "utf8"), own));
    }
  }
  return findings.map((finding) => finding.check ?? "");
}

/** A collector that notes everything that is sent to it, from the moment that it listens. */
export interface Collector {
  texts: string[];
  close(): void;
}

export function listenHttp(port: number): Collector {
  const texts: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      texts.push(Buffer.concat(parts).toString("latin1"));
      response.setHeader("content-type", "application/json").end("{}");
    });
  }).listen(port, "127.0.0.1");
  return { texts, close: () => server.close() };
}

export function listenGrpc(port: number): Collector {
  const texts: string[] = [];
  const server = new GrpcServer();
  const same = (bytes: Buffer): Buffer => bytes;
  const Export = {
    path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  server.addService(
    { Export },
    {
      Export: (call: { request: Buffer }, answer: (error: null, bytes: Buffer) => void) => {
        texts.push(call.request.toString("latin1"));
        answer(null, Buffer.alloc(0));
      },
    },
  );
  server.bindAsync(`127.0.0.1:${String(port)}`, ServerCredentials.createInsecure(), () => undefined);
  return { texts, close: () => server.forceShutdown() };
}

export async function freePort(): Promise<number> {
  const holder = createPort().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, "close");
  return port;
}

/** What a program sends whose collector begins to listen so long after it, and how long it took to end. */
export async function run(
  root: string,
  {
    lateMillis,
    liveMillis,
    isGrpc = false,
    given = {},
  }: {
    lateMillis: number;
    liveMillis: number;
    isGrpc?: boolean;
    given?: Record<string, string | undefined>;
  },
): Promise<{ text: string; endedIn: number }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}${isGrpc ? "" : "/v1/traces"}`;
  const env = {
    ...process.env,
    COLLECTOR_URL: url,
    OTEL_EXPORTER_OTLP_ENDPOINT: url.replace("/v1/traces", ""),
    ...given,
  };
  const child = spawn(process.execPath, ["server.js"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  await sleep(lateMillis);
  const collector = isGrpc ? listenGrpc(port) : listenHttp(port);
  await sleep(liveMillis);
  const told = performance.now();
  child.kill("SIGTERM");
  await exited;
  collector.close();
  return { text: collector.texts.join("\n"), endedIn: performance.now() - told };
}

/** The numbers of the spans that arrived: how many there are, and how many of those before the last are missing. */
export function arrived(text: string): { some: boolean; lost: number } {
  const numbers = new Set([...text.matchAll(/work-(\d+)!/g)].map((m) => Number(m[1])));
  const last = Math.max(...numbers);
  return { some: numbers.size > 10, lost: last + 1 - numbers.size };
}
