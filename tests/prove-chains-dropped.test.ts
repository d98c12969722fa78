import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { Workspace } from "../src/workspace.js";
import { repairAll } from "./support/repair.js";

const packages = join(import.meta.dirname, "../node_modules");
const run = promisify(execFile);
const patience = 60_000;

/** What a program imports of OpenTelemetry by the name on the left, when it runs with the first major version. */
const ofFirstMajor = {
  api: "@opentelemetry/api",
  "sdk-node": "otel-1-sdk-node",
  "sdk-trace-node": "otel-1-sdk-trace-node",
};

/** What a program printed last, as JSON; or the message with which it failed. */
type Told = Record<string, unknown> | string;

/**
 * Runs a program with the real packages, repairs it, and runs it again.
 * @param files the program; `main.mjs` is run
 * @param only the check that has to find something in it, and nothing else has to
 */
async function proven(
  files: Record<string, string>,
  only: string,
  major: "1.x" | "2.x" = "2.x",
): Promise<{ before: Told; after: Told }> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "telemetry-fix-dropped-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  if (major === "2.x") symlinkSync(packages, join(root, "node_modules"), "junction");
  else {
    const scope = join(root, "node_modules", "@opentelemetry");
    mkdirSync(scope, { recursive: true });
    for (const [name, from] of Object.entries(ofFirstMajor))
      symlinkSync(join(packages, from), join(scope, name), "junction");
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
  const before = await told(root);
  const { findings } = Workspace.open({ root, cacheDir: false }).analyse();
  expect(new Set(findings.map((f) => `${f.rule} ${String(f.check)}`))).toEqual(
    new Set([`no-dropped-interceptor ${only}`]),
  );
  const rounds = await repairAll(root);
  expect(rounds.at(-1)?.analysis?.findings).toEqual([]);
  return { before, after: await told(root) };
}

async function told(root: string): Promise<Told> {
  try {
    const { stdout } = await run(process.execPath, ["main.mjs"], {
      cwd: root,
      timeout: patience / 2,
      env: { ...process.env, OTEL_LOGS_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" },
    });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Told;
  } catch (error) {
    return /Error: .*/.exec((error as { stderr?: string }).stderr ?? "")?.[0] ?? String(error);
  }
}

const manifest = (dependencies: readonly string[], more: object = {}): string =>
  JSON.stringify({
    name: "proof",
    private: true,
    type: "module",
    scripts: { start: "node main.mjs" },
    dependencies: Object.fromEntries(dependencies.map((name) => [name, "*"])),
    ...more,
  });

const SDK = ["@opentelemetry/sdk-node", "@opentelemetry/sdk-trace-node", "@opentelemetry/api"];

/** An exporter that remembers what it was given, and a processor that only marks. */
const parts = `
export const sent = [];
export const exporter = {
  export(spans, done) {
    sent.push(...spans.map((span) => span.name));
    done({ code: 0 });
  },
  async shutdown() {},
};
export const marking = {
  onStart(span) {
    span.setAttribute("region", "north");
  },
  onEnd() {},
  async forceFlush() {},
  async shutdown() {},
};
`;

/** Makes one span, closes the SDK, and prints what the exporter was given. */
const use = `
sdk.start();
trace.getTracer("proof").startSpan("work").end();
await sdk.shutdown();
console.log(JSON.stringify({ sent }));
`;

describe("an option that the SDK does not read", () => {
  it.each([
    ["a list of processors", "spanProcessors: [marking]", "1.x"],
    ["a list of processors", "spanProcessors: [marking]", "2.x"],
    ["an empty list", "spanProcessors: []", "1.x"],
    ["an empty list", "spanProcessors: []", "2.x"],
    ["one processor", "spanProcessor: marking", "1.x"],
    ["one processor", "spanProcessor: marking", "2.x"],
  ] as const)(
    "loses the spans of traceExporter beside %s, and none after the repair (%s, OpenTelemetry %s)",
    async (_, beside, major) => {
      const { before, after } = await proven(
        {
          "package.json": manifest(SDK),
          "parts.mjs": parts,
          "main.mjs": `import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { exporter, marking, sent } from "./parts.mjs";

const sdk = new NodeSDK({ autoDetectResources: false, traceExporter: exporter, ${beside} });
${use}`,
        },
        "ignored-exporter",
        major,
      );
      expect(before).toEqual({ sent: [] });
      expect(after).toEqual({ sent: ["work"] });
    },
    patience,
  );

  it(
    "leaves a reader of metrics and a processor of logs beside the lists without anything",
    async () => {
      const { before, after } = await proven(
        {
          "package.json": manifest([...SDK, "@opentelemetry/sdk-metrics", "@opentelemetry/api-logs"]),
          "main.mjs": `import { logs } from "@opentelemetry/api-logs";
import { MetricReader } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";

class Reader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}
const seen = [];
const processorCalled = (name) => ({
  onEmit: () => seen.push(name),
  forceFlush: async () => {},
  shutdown: async () => {},
});
const reader = new Reader();

const sdk = new NodeSDK({
  autoDetectResources: false,
  spanProcessors: [],
  metricReader: reader,
  metricReaders: [new Reader({})],
  logRecordProcessor: processorCalled("one"),
  logRecordProcessors: [processorCalled("listed")],
});

sdk.start();
logs.getLogger("proof").emit({ body: "done" });
const metrics = await reader.collect().then(
  () => "collected",
  (error) => error.message,
);
await sdk.shutdown();
console.log(JSON.stringify({ seen: seen.sort(), metrics }));
`,
        },
        "ignored-exporter",
      );
      expect(before).toEqual({ seen: ["listed"], metrics: expect.stringContaining("not bound") as string });
      expect(after).toEqual({ seen: ["listed", "one"], metrics: "collected" });
    },
    patience,
  );

  it(
    "leaves a provider without any processor",
    async () => {
      const { before, after } = await proven(
        {
          "package.json": manifest(SDK),
          "parts.mjs": parts,
          "main.mjs": `import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { exporter, sent } from "./parts.mjs";

const provider = new NodeTracerProvider({ spanProcessor: new SimpleSpanProcessor(exporter) });
provider.getTracer("proof").startSpan("work").end();
await provider.shutdown();
console.log(JSON.stringify({ sent }));
`,
        },
        "ignored-exporter",
      );
      expect(before).toEqual({ sent: [] });
      expect(after).toEqual({ sent: ["work"] });
    },
    patience,
  );
});

it(
  "a list behind the options that are spread loses the processor of these, and none after the repair",
  async () => {
    const { before, after } = await proven(
      {
        "package.json": manifest(SDK),
        "parts.mjs": parts,
        "main.mjs": `import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { exporter, marking, sent } from "./parts.mjs";

const defaults = { autoDetectResources: false, spanProcessors: [new SimpleSpanProcessor(exporter)] };
const sdk = new NodeSDK({ ...defaults, spanProcessors: [marking] });
${use}`,
      },
      "lost-list",
    );
    expect(before).toEqual({ sent: [] });
    expect(after).toEqual({ sent: ["work"] });
  },
  patience,
);

/** A server that answers with what it was told, and interceptors that say when they run. */
const grpc = `import { InterceptingCall, makeGenericClientConstructor, Server, ServerCredentials } from "@grpc/grpc-js";

const text = { serialize: (value) => Buffer.from(value), deserialize: (bytes) => bytes.toString() };
const service = {
  say: {
    path: "/proof.Echo/Say",
    requestStream: false,
    responseStream: false,
    requestSerialize: text.serialize,
    requestDeserialize: text.deserialize,
    responseSerialize: text.serialize,
    responseDeserialize: text.deserialize,
  },
};

export const Echo = makeGenericClientConstructor(service, "Echo");
export const ran = [];
export const naming = (name) => (options, next) => {
  ran.push(name);
  return new InterceptingCall(next(options));
};

export const server = new Server();
server.addService(service, { say: (call, done) => done(null, call.request) });
export const address = await new Promise((resolve, reject) => {
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
    error ? reject(error) : resolve("127.0.0.1:" + port),
  );
});
`;

const say = (client: string, options: string): string => `
import { credentials } from "@grpc/grpc-js";
import { address, Echo, naming, ran, server } from "./echo.mjs";

const tracing = naming("tracing");
const retrying = naming("retrying");
const client = new Echo(address, credentials.createInsecure()${client});
const answer = await new Promise((resolve, reject) => {
  client.say("hello"${options}, (error, said) => (error ? reject(error) : resolve(said)));
});
client.close();
server.forceShutdown();
console.log(JSON.stringify({ answer, ran }));
`;

describe("the interceptors of a grpc-js client", () => {
  const echo = (client: string, options: string) => ({
    "package.json": manifest(["@grpc/grpc-js"]),
    "echo.mjs": grpc,
    "main.mjs": say(client, options),
  });

  it(
    "do not run for a call with its own ones, and do after the repair",
    async () => {
      const { before, after } = await proven(
        echo(", { interceptors: [tracing] }", ", { interceptors: [retrying] }"),
        "call-level",
      );
      expect(before).toEqual({ answer: "hello", ran: ["retrying"] });
      expect(after).toEqual({ answer: "hello", ran: ["tracing", "retrying"] });
    },
    patience,
  );

  it(
    "throw beside providers when the client is made, and run after the repair",
    async () => {
      const { before, after } = await proven(
        echo(", { interceptors: [tracing], interceptor_providers: [() => retrying] }", ""),
        "both-lists",
      );
      expect(before).toMatch(/Both interceptors and interceptor_providers were passed/);
      expect(after).toEqual({ answer: "hello", ran: ["tracing", "retrying"] });
    },
    patience,
  );

  it(
    "throw beside providers when the call is made, and run after the repair",
    async () => {
      const { before, after } = await proven(
        echo("", ", { interceptors: [tracing], interceptor_providers: [() => retrying] }"),
        "both-lists",
      );
      expect(before).toMatch(/Both interceptors and interceptor_providers were passed/);
      expect(after).toEqual({ answer: "hello", ran: ["tracing", "retrying"] });
    },
    patience,
  );
});

it(
  "an agent that overwrites onerror makes Sentry deaf, and not after the repair",
  async () => {
    const { before, after } = await proven(
      {
        "package.json": manifest([], {
          private: undefined,
          description: "Error reporting for pages",
          main: "register.mjs",
          scripts: undefined,
        }),
        "register.mjs": `export function register(agent) {
  window.onerror = (message, source, line, column, error) => {
    agent.push(error ?? message);
  };
}
`,
        "main.mjs": `import { addGlobalErrorInstrumentationHandler } from "@sentry/core";
import { register } from "./register.mjs";

globalThis.window = globalThis;
const heard = { sentry: 0, agent: 0 };
addGlobalErrorInstrumentationHandler(() => (heard.sentry += 1));
register({ push: () => (heard.agent += 1) });
globalThis.onerror("failed", "page.js", 1, 1, new Error("failed"));
console.log(JSON.stringify(heard));
`,
      },
      "slot",
    );
    expect(before).toEqual({ sentry: 0, agent: 1 });
    expect(after).toEqual({ sentry: 1, agent: 1 });
  },
  patience,
);
