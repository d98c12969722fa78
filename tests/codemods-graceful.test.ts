import { describe, expect, it } from "vitest";
import { repairNoCompetingShutdown } from "../codemods/no-competing-shutdown.js";
import { repairRequireShutdown } from "../codemods/require-shutdown.js";
import { noCompetingShutdown } from "../rules/no-competing-shutdown.js";
import { requireShutdown } from "../rules/require-shutdown.js";
import { applyEdits } from "../src/cli/apply/edits.js";
import { faultsOf } from "../src/cli/apply/syntax.js";
import { Project, telemetrySpecifiers } from "../src/program/project.js";
import type { Rule, RunReport } from "../src/program/view.js";
import { project as indexOf, type Files } from "./support/program-index-tree.js";

const codemodOf = new Map([
  [requireShutdown, repairRequireShutdown],
  [noCompetingShutdown, repairNoCompetingShutdown],
]);

/** Repairs the first report of a small program: the texts that changed. Sees to it that neither rule has anything left to say. */
function repaired(rule: Rule<RunReport>, files: Files): Record<string, string> | undefined {
  const index = indexOf(files, { telemetrySpecifiers });
  const project = new Project(index);
  const [report] = rule.check(project, { strict: false });
  expect(report, "nothing is reported").toBeDefined();
  const repair = report && codemodOf.get(rule)?.(report, project);
  if (!repair) return undefined;
  expect(repair.level).toBe("review");
  const changed: Record<string, string> = {};
  for (const file of new Set(repair.edits.map((edit) => edit.file))) {
    const edits = repair.edits.filter((edit) => edit.file === file);
    const text = applyEdits(index.read(file) ?? "", edits);
    expect(faultsOf(file, text)).toEqual([]);
    index.overlay(file, text);
    changed[file] = text;
  }
  const again = new Project(index);
  for (const other of codemodOf.keys())
    expect(other.check(again, { strict: false }).map((r) => r.message)).toEqual([]);
  return changed;
}

const closed = (files: Files): Record<string, string> | undefined => repaired(requireShutdown, files);
const joined = (files: Files): Record<string, string> | undefined => repaired(noCompetingShutdown, files);

/** A program whose entry is `main.<ext>`. */
const program = (main: string, more: Files = {}, extension = "js"): Files => ({
  "package.json": {
    type: "module",
    scripts: { start: `node main.${extension}` },
    dependencies: { "@nestjs/core": "^11.0.0" },
  },
  [`main.${extension}`]: main,
  ...more,
});

const tracing = `import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
`;

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

describe("what a program has for it already", () => {
  const serve = "import http from 'http';\nhttp.createServer().listen(80);\n";

  it("is kept where the start hands it back", () => {
    const changed = closed(
      program(`import { start } from './trace.js';\n${serve}start();\n`, {
        "trace.js": `import { NodeSDK } from '@opentelemetry/sdk-node';

export function start() {
  const sdk = new NodeSDK();
  sdk.start();
  return () => sdk.shutdown();
}
`,
      }),
    );
    expect(Object.keys(changed ?? {})).toEqual(["main.js"]);
    expect(changed?.["main.js"]).toContain("const stopTelemetry = start();\n");
    expect(changed?.["main.js"]).toContain(
      "await Promise.race([stopTelemetry().catch(console.error), limit()]);",
    );
  });

  it("is called with the server where it registers listeners", () => {
    const changed = closed(
      program(`import './trace.js';\n${serve}`, {
        "trace.js": `${tracing}
export function setUp(server) {
  process.once('SIGTERM', () => server.close(() => sdk.shutdown().finally(() => process.exit(0))));
}
`,
      }),
    );
    expect(changed).toEqual({
      "main.js":
        "import { setUp } from './trace.js';\nimport http from 'http';\nconst server = http.createServer().listen(80);\n\nsetUp(server);\n",
    });
  });

  it("is a method of its own on the instance that the file knows", () => {
    const changed = closed(
      program(`import { telemetry } from './telemetry.js';\n${serve}telemetry.start();\n`, {
        "telemetry.js": `import { NodeSDK } from '@opentelemetry/sdk-node';

class Telemetry {
  start() {
    this.sdk = new NodeSDK();
    this.sdk.start();
  }
}

export const telemetry = new Telemetry();
`,
      }),
    );
    expect(changed?.["telemetry.js"]).toContain(`  }

  async shutdown() {
    await this.sdk?.shutdown();
  }
}
`);
    expect(changed?.["main.js"]).toContain("telemetry.shutdown().catch(console.error)");
  });
});

describe("Nest", () => {
  const main = (more = ""): string => `import './tracing';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
${more}  await app.listen(3000);
}
bootstrap();
`;
  const nest = (more: string, files: Files): Files => ({
    "package.json": { scripts: { start: "node main.js" }, dependencies: { "@nestjs/core": "^11.0.0" } },
    "main.ts": main(more),
    "tracing.ts": tracing,
    "app.module.ts": `import { Module } from '@nestjs/common';\n\n@Module({})\nexport class AppModule {}\n`,
    ...files,
  });

  it("closes the application, then telemetry, where its hooks are off", () => {
    expect(closed(nest("", {}))?.["main.ts"]).toContain(`  await app.listen(3000);

  /** Finishes what is under way, closes telemetry last, and ends as the signal asks. */
  const shutdown = async (signal: NodeJS.Signals): Promise<void> => {
    await Promise.race([
      app.close().catch(console.error),
`);
  });

  it("gives the root module a hook where they are on", () => {
    expect(closed(nest("  app.enableShutdownHooks();\n", {}))?.["app.module.ts"])
      .toBe(`import { Module, OnApplicationShutdown } from '@nestjs/common';
import { shutdownTelemetry } from './tracing';

@Module({})
export class AppModule implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await shutdownTelemetry();
  }
}
`);
  });

  it("turns them on where a service closes in one", () => {
    const changed = closed(
      nest("", {
        "tracing.ts": `import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { NodeSDK } from '@opentelemetry/sdk-node';

@Injectable()
export class Tracing implements OnModuleDestroy {
  private readonly sdk = new NodeSDK();

  onModuleInit() {
    this.sdk.start();
  }

  async onModuleDestroy() {
    await this.sdk.shutdown();
  }
}
`,
      }),
    );
    expect(changed).toEqual({ "main.ts": main("  app.enableShutdownHooks();\n") });
  });
});

describe("two endings", () => {
  const server = (listener: string): string => `import './tracing.js';
import { createServer } from 'node:http';

const server = createServer();
server.listen(80);

${listener}`;

  it("become one where the one of telemetry exits and the other drains", () => {
    const changed = joined(
      program(server("process.on('SIGTERM', () => {\n  server.close();\n});\n"), {
        "tracing.js": `${tracing}
process.on('SIGTERM', () => {
  sdk
    .shutdown()
    .then(() => console.log('closed'))
    .finally(() => process.exit(0));
});
`,
      }),
    );
    expect(changed?.["tracing.js"]).toBe(`${tracing}
/** Sends what is still buffered and closes telemetry. */
export function shutdownTelemetry() {
  return sdk
    .shutdown()
    .then(() => console.log('closed'))
    .catch(console.error);
}
`);
    expect(changed?.["main.js"]).toContain(`process.on('SIGTERM', () => {
  server.close(async () => {
    await shutdownTelemetry();
    process.exit(0);
  });
});
`);
  });

  it("stay two where the one to be given up does more", () => {
    const files = program(server("process.on('SIGTERM', () => {\n  server.close();\n});\n"), {
      "tracing.js": `${tracing}
process.on('SIGTERM', async () => {
  await sdk.shutdown();
  await forget();
  process.exit(0);
});

async function forget() {}
`,
    });
    expect(joined(files)).toBeUndefined();
  });
});

describe("a library that ends the process", () => {
  it.each([
    [
      "terminus",
      `import { createTerminus } from '@godaddy/terminus';
import http from 'node:http';
const server = http.createServer();
createTerminus(server, { onSignal: () => console.log('bye'), signal: 'SIGTERM' });
server.listen(80);
`,
      `createTerminus(server, { onSignal: async () => {
  console.log('bye');
  await shutdownTelemetry();
}, signal: 'SIGTERM' });`,
    ],
    [
      "close-with-grace",
      `import closeWithGrace from 'close-with-grace';
import Fastify from 'fastify';
const app = Fastify();
closeWithGrace(async ({ err }) => {
  if (err) console.error(err);
  await app.close();
});
await app.listen({ port: 80 });
`,
      `  await app.close();
  await shutdownTelemetry();
});`,
    ],
  ])("is given the close: %s", (_, main, after) => {
    const changed = joined(
      program(`import './tracing.js';\n${main}`, {
        "tracing.js": `${tracing}\nprocess.on('SIGTERM', () => {\n  sdk.shutdown().finally(() => process.exit(0));\n});\n`,
      }),
    );
    expect(changed?.["main.js"]).toContain(after);
    expect(changed?.["tracing.js"]).not.toContain("process.");
  });
});

describe("one ending in the wrong order", () => {
  const listener = (steps: string): Files =>
    program(`import { NodeSDK } from '@opentelemetry/sdk-node';
import { createServer } from 'node:http';

const sdk = new NodeSDK();
sdk.start();
const server = createServer();
server.listen(80);

process.once('SIGTERM', async () => {
${steps}});
`);
  const after = (steps: string): string | undefined =>
    joined(listener(steps))
      ?.["main.js"]?.split("async () => {\n")[1]
      ?.replace(/}\);\n$/, "");

  it("closes telemetry behind the drain, the comment with it", () => {
    expect(
      after(`  // shut down telemetry
  await sdk.shutdown();
  await new Promise((resolve) => server.close(resolve));
  process.exit(0);
`),
    ).toBe(`  await new Promise((resolve) => server.close(resolve));
  // shut down telemetry
  await sdk.shutdown();
  process.exit(0);
`);
  });

  it("waits for a drain that nobody waited for", () => {
    expect(after("  await sdk.shutdown();\n  server.close();\n  process.exit(0);\n")).toBe(
      "  await new Promise((resolve) => server.close(resolve));\n  await sdk.shutdown();\n  process.exit(0);\n",
    );
  });

  it("takes the close out of what is done at once", () => {
    expect(
      after(`  await Promise.all([
    new Promise((resolve) => server.close(resolve)),
    sdk.shutdown(),
  ]);
`),
    ).toBe("  await new Promise((resolve) => server.close(resolve));\n  await sdk.shutdown();\n");
  });
});

describe("the listener of a library", () => {
  const library = (listener: string): Files => ({
    "package.json": {
      name: "meter",
      version: "1.0.0",
      type: "module",
      main: "index.js",
      files: ["index.js"],
    },
    "index.js": `import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();

${listener}`,
  });

  it("ends the process only where nobody else listens", () => {
    const before = "process.on('SIGTERM', async () => {\n  await sdk.shutdown();\n  process.exit(0);\n});\n";
    expect(joined(library(before))?.["index.js"]).toContain(
      "  if (process.listenerCount('SIGTERM') === 1) process.exit(0);\n",
    );
  });

  it("is gone by the time it asks when it runs once", () => {
    const before = "process.once('SIGINT', async () => {\n  await sdk.shutdown();\n  process.exit(0);\n});\n";
    expect(joined(library(before))?.["index.js"]).toContain(
      "  if (process.listenerCount('SIGINT') === 0) process.exit(0);\n",
    );
  });
});
