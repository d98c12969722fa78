import { describe, expect, it } from "vitest";
import { closed, program, tracing } from "./support/graceful-repairs.js";

const helper = (close: string, esm = true): string => `let telemetryShutdown;

/** Sends what is still buffered and closes telemetry, once, within five seconds. */
${esm ? "export " : ""}function shutdownTelemetry() {
  telemetryShutdown ??= Promise.race([
    ${close},
    new Promise((resolve) => setTimeout(resolve, 5000).unref()),
  ]);
  return telemetryShutdown;
}
`;

const graceful = (drain: string, close = "await shutdownTelemetry();", http = "server"): string =>
  `/** Finishes what is under way, closes telemetry last, and ends as the signal asks. */
async function shutdown(signal) {${http && `\n  ${http}.keepAliveTimeout = 1; // connections end with their responses`}
  await Promise.race([
    ${drain},
    new Promise((resolve) => setTimeout(resolve, 4000).unref()),
  ]);
  ${close}
  process.kill(process.pid, signal);
}

process.once('SIGTERM', shutdown);
process.once('SIGINT', shutdown);
`;

const byCallback = "new Promise((resolve) => server.close(resolve))";

describe("a program without an ending", () => {
  it("drains the server of another file, then closes telemetry", () => {
    const main = `import './tracing.js';
import express from 'express';

const app = express();
`;
    expect(closed(program(`${main}app.listen(3000);\n`, { "tracing.js": tracing }))).toEqual({
      "main.js": `${main.replace("import './", "import { shutdownTelemetry } from './")}const server = app.listen(3000);\n\n${graceful(byCallback)}`,
      "tracing.js": `${tracing}\n${helper("sdk.shutdown().catch(console.error)")}`,
    });
  });

  it.each([
    [
      "node:http",
      "import { createServer } from 'node:http';",
      "const server = createServer();\nserver.listen(80);",
      byCallback,
    ],
    ["koa", "import Koa from 'koa';\nconst app = new Koa();", "const server = app.listen(80);", byCallback],
    ["hono", "import { serve } from '@hono/node-server';", "const server = serve({ port: 80 });", byCallback],
    [
      "fastify",
      "import Fastify from 'fastify';\nconst app = Fastify();",
      "await app.listen({ port: 80 });",
      "app.close().catch(console.error)",
    ],
    [
      "hapi",
      "import Hapi from '@hapi/hapi';\nconst server = Hapi.server();",
      "await server.start();",
      "server.stop().catch(console.error)",
    ],
    [
      "grpc-js",
      "import { Server } from '@grpc/grpc-js';\nconst server = new Server();",
      "server.bindAsync('0.0.0.0:1', credentials, () => {});",
      "new Promise((resolve) => server.tryShutdown(resolve))",
    ],
    [
      "bullmq",
      "import { Worker } from 'bullmq';",
      "const worker = new Worker('mail', send);",
      "worker.close().catch(console.error)",
    ],
    [
      "ws",
      "import { WebSocketServer } from 'ws';",
      "const wss = new WebSocketServer({ port: 80 });",
      `new Promise((resolve) => {
      wss.clients.forEach((client) => client.close(1001));
      wss.close(resolve);
    })`,
    ],
  ])("drains what %s serves", (name, made, served, drain) => {
    const http: Record<string, string> = { "node:http": "server", koa: "server", fastify: "app.server" };
    const main = `import './tracing.js';\n${made}\n${served}\n`;
    expect(closed(program(main, { "tracing.js": tracing }))?.["main.js"]).toBe(
      `${main.replace("import './", "import { shutdownTelemetry } from './")}\n${graceful(drain, undefined, http[name] ?? "")}`,
    );
  });

  it("calls a bounded close of the SDK as it is", () => {
    const main = `import * as Sentry from '@sentry/node';
import express from 'express';

Sentry.init({});
const server = express().listen(80);
`;
    expect(closed(program(main))).toEqual({
      "main.js": `${main}\n${graceful(byCallback, "await Sentry.close(3000);")}`,
    });
  });

  it("gives a handle that was dropped a name", () => {
    const changed = closed(
      program("import './trace.js';\nimport http from 'http';\nhttp.createServer().listen(80);\n", {
        "trace.js": `import { options } from './options.js';\nimport { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';\n\nnew NodeTracerProvider(options).register();\n`,
      }),
    );
    expect(changed?.["trace.js"]).toContain(
      "const provider = new NodeTracerProvider(options);\nprovider.register();\n\nlet telemetryShutdown;",
    );
    expect(changed?.["main.js"]).toContain("const server = http.createServer().listen(80);");
  });

  it("moves a handle that is local to a function to the top level", () => {
    const changed = closed(
      program(
        "import { start } from './trace.ts';\nimport http from 'http';\nstart();\nhttp.createServer().listen(80);\n",
        {
          "trace.ts": `import { NodeSDK } from '@opentelemetry/sdk-node';

/** Starts it. */
export function start() {
  const sdk = new NodeSDK({
    serviceName: 'a',
  });
  sdk.start();
}
`,
        },
        "ts",
      ),
    );
    expect(changed?.["trace.ts"]).toBe(`import { NodeSDK } from '@opentelemetry/sdk-node';

let sdk: NodeSDK | undefined;

/** Starts it. */
export function start() {
  sdk = new NodeSDK({
    serviceName: 'a',
  });
  sdk.start();
}

let telemetryShutdown: Promise<unknown> | undefined;

/** Sends what is still buffered and closes telemetry, once, within five seconds. */
export function shutdownTelemetry(): Promise<unknown> {
  telemetryShutdown ??= Promise.race([
    sdk?.shutdown().catch(console.error),
    new Promise((resolve) => setTimeout(resolve, 5000).unref()),
  ]);
  return telemetryShutdown;
}
`);
  });

  it("closes every provider that a file starts, behind the last of them", () => {
    const start = `import { readers, spanProcessors } from './sinks.js';
import { metrics } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const traces = new NodeTracerProvider({ spanProcessors });
traces.register();
const meters = new MeterProvider({ readers });
metrics.setGlobalMeterProvider(meters);
`;
    const changed = closed(
      program("import './tracing.js';\nsetInterval(() => fetch('http://a'), 1000);\n", {
        "tracing.js": start,
      }),
    );
    expect(changed?.["tracing.js"]).toContain(`${start}
let telemetryShutdown;

/** Sends what is still buffered and closes telemetry, once, within five seconds. */
export function shutdownTelemetry() {
  telemetryShutdown ??= Promise.race([
    Promise.all([
      traces.shutdown().catch(console.error),
      meters.shutdown().catch(console.error),
    ]),
    new Promise((resolve) => setTimeout(resolve, 5000).unref()),
  ]);
  return telemetryShutdown;
}
`);
  });

  it("listens for the natural end of what ends by itself", () => {
    const main = `import { PostHog } from 'posthog-node';

const client = new PostHog('key', { flushAt: 20 });
client.capture({ distinctId: 'a', event: 'b' });
`;
    const changed = closed({
      "package.json": { type: "module", bin: "main.js" },
      "main.js": `#!/usr/bin/env node\n${main.replace("posthog-node", "@opentelemetry/sdk-node").replaceAll("PostHog", "NodeSDK").replace("('key', { flushAt: 20 })", "()").replace("client.capture({ distinctId: 'a', event: 'b' })", "client.start()")}`,
    });
    expect(changed?.["main.js"]).toContain(`process.once('beforeExit', () => {
  setTimeout(() => process.exit(), 5000).unref(); // even if a collector never answers
  void shutdownTelemetry();
});
process.once('SIGTERM', (signal) => {
  void shutdownTelemetry().finally(() => process.kill(process.pid, signal));
});
`);
  });

  it("hands the helper of a CommonJS file out beside what that exports", () => {
    const changed = closed({
      "package.json": { scripts: { start: "node main.js" } },
      "main.js":
        "const { tracer } = require('./trace');\nconst server = require('http').createServer();\nserver.listen(80);\n",
      "trace.js": `const { NodeSDK } = require('@opentelemetry/sdk-node');

const sdk = new NodeSDK();
sdk.start();

module.exports = { tracer: 1 };
`,
    });
    expect(changed?.["trace.js"]).toContain("module.exports = { shutdownTelemetry, tracer: 1 };");
    expect(changed?.["main.js"]).toContain("const { shutdownTelemetry, tracer } = require('./trace');");
  });
});

describe("a server that the start's own file loads later", () => {
  it("does not import from the file that waits for it", () => {
    const changed = closed(
      program(`${tracing}\nconst { serve } = await import('./serve.js');\nserve();\n`, {
        "serve.js":
          "import { createServer } from 'node:http';\n\nexport function serve() {\n  const server = createServer();\n  server.listen(80);\n}\n",
      }),
    );
    expect(Object.keys(changed ?? {})).toEqual(["main.js"]);
    expect(changed?.["main.js"]).toContain("process.once('SIGTERM', (signal) => {");
  });
});

describe("an ending that is there", () => {
  const merged = (listener: string, served = "server.listen(80);"): string | undefined =>
    closed(
      program(
        `import './tracing.js';
import { createServer } from 'node:http';

const server = createServer();
${served}
${listener}`,
        { "tracing.js": tracing },
      ),
    )?.["main.js"]?.split(`${served}\n`)[1];

  it.each([
    [
      "a drain without a callback",
      "process.on('SIGTERM', () => {\n  server.close();\n});\n",
      "process.on('SIGTERM', () => {\n  server.close(async () => {\n    await shutdownTelemetry();\n  });\n});\n",
    ],
    [
      "a drain with a callback",
      "process.on('SIGTERM', () => {\n  server.close((error) => {\n    console.log(error);\n  });\n});\n",
      "process.on('SIGTERM', () => {\n  server.close(async (error) => {\n    console.log(error);\n    await shutdownTelemetry();\n  });\n});\n",
    ],
    [
      "an expression for a callback",
      "const stop = () => {\n  server.close(() => console.log('done'));\n};\nprocess.on('SIGTERM', stop);\nprocess.on('SIGINT', stop);\n",
      "const stop = () => {\n  server.close(async () => {\n    console.log('done');\n    await shutdownTelemetry();\n  });\n};\nprocess.on('SIGTERM', stop);\nprocess.on('SIGINT', stop);\n",
    ],
    [
      "an async listener",
      "process.once('SIGTERM', async () => {\n  await new Promise((resolve) => server.close(resolve));\n});\n",
      "process.once('SIGTERM', async () => {\n  await new Promise((resolve) => server.close(resolve));\n  await shutdownTelemetry();\n});\n",
    ],
  ])("closes last in %s", (_, before, after) => {
    expect(merged(before)).toBe(after);
  });

  it("is extended in the callback of close-with-grace", () => {
    const changed = closed(
      program(
        `import './tracing.js';
import closeWithGrace from 'close-with-grace';
import Fastify from 'fastify';

const app = Fastify();
closeWithGrace(() => app.close());
await app.listen({ port: 80 });
`,
        { "tracing.js": tracing },
      ),
    );
    expect(changed?.["main.js"]).toContain(`closeWithGrace(async () => {
  await app.close();
  await shutdownTelemetry();
});`);
  });

  it("waits for the function that nobody calls, in the file that calls the start", () => {
    const changed = closed(
      program(
        "import { start } from './trace.js';\nimport http from 'http';\nstart();\nconst server = http.createServer().listen(80);\n",
        {
          "trace.js": `import { NodeSDK } from '@opentelemetry/sdk-node';

let sdk;

export function start() {
  sdk = new NodeSDK();
  sdk.start();
}

export async function stopTracing() {
  await sdk?.shutdown();
}
`,
        },
      ),
    );
    expect(Object.keys(changed ?? {})).toEqual(["main.js"]);
    expect(changed?.["main.js"])
      .toContain(`  const limit = () => new Promise((resolve) => setTimeout(resolve, 4000).unref());
  await Promise.race([
    new Promise((resolve) => server.close(resolve)),
    limit(),
  ]);
  await Promise.race([stopTracing().catch(console.error), limit()]);
`);
  });

  it("ends by itself where a listener only asks for that", () => {
    const changed = closed(
      program(
        `import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
let stopping = false;
process.once('SIGTERM', () => {
  stopping = true;
});
while (!stopping) await fetch('http://a');
`,
      ),
    );
    expect(changed?.["main.js"]).toContain(
      "process.once('beforeExit', () => {\n  setTimeout(() => process.exit(), 5000).unref(); // even if a collector never answers\n  void shutdownTelemetry();\n});",
    );
    expect(changed?.["main.js"]).not.toContain("process.kill");
  });
});
