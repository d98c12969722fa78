import { describe, expect, it } from "vitest";
import { noCompetingShutdown } from "../rules/no-competing-shutdown.js";
import { type Files } from "./support/program-index-tree.js";
import { repaired, closed, program, tracing } from "./support/graceful-repairs.js";

const joined = (files: Files): Record<string, string> | undefined => repaired(noCompetingShutdown, files);

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
