import { describe, expect, it } from "vitest";
import { repaired, text, start, ending, signals, serve } from "./support/init-repairs.js";

describe("the listeners of the file close", () => {
  const main = (listener: string) => `${start}sdk.start();\nsdk.shutdown();\n\n${listener}${serve}`;
  const without = (listener: string) => `${start}sdk.start();\n\n${listener}${serve}`;

  it.each([
    [
      "before an exit in a callback",
      "process.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n});\n",
      "process.on('SIGTERM', () => {\n  server.close(async () => {\n    await sdk.shutdown().catch(console.error);\n    process.exit(0);\n  });\n});\n",
    ],
    [
      "before an exit in a named function that both signals share",
      "function stop() {\n  console.log('bye');\n  process.exit(0);\n}\nprocess.on('SIGTERM', stop);\nprocess.on('SIGINT', stop);\n",
      "async function stop() {\n  console.log('bye');\n  await sdk.shutdown().catch(console.error);\n  process.exit(0);\n}\nprocess.on('SIGTERM', stop);\nprocess.on('SIGINT', stop);\n",
    ],
    [
      "and leave the exit of a deadline alone",
      "process.on('SIGTERM', async () => {\n  setTimeout(() => process.exit(1), 9000).unref();\n  await drain();\n  process.exit(0);\n});\n",
      "process.on('SIGTERM', async () => {\n  setTimeout(() => process.exit(1), 9000).unref();\n  await drain();\n  await sdk.shutdown().catch(console.error);\n  process.exit(0);\n});\n",
    ],
    [
      "as the last thing that they wait for",
      "process.on('SIGTERM', async () => {\n  await drain();\n});\n",
      "process.on('SIGTERM', async () => {\n  await drain();\n  await sdk.shutdown().catch(console.error);\n});\n",
    ],
  ])("%s", (_what, before, after) => {
    const found = repaired({ "package.json": { main: "main.mjs" }, "main.mjs": main(before) });
    expect(found).toEqual({ level: "review", files: { "main.mjs": without(after) } });
  });

  it("on their own signals only where they drain without waiting: the natural end closes", () => {
    const listener = "process.on('SIGTERM', () => {\n  server.close();\n});\n";
    const after = text(main(listener)) ?? "";
    expect(after).toContain("process.once('beforeExit', () => {");
    expect(after).toContain("process.once('SIGINT', (signal) => {");
    expect(after).not.toContain("process.once('SIGTERM'");
  });
});

describe("a part is left to what it was built into", () => {
  const head = `import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const exporter = new OTLPTraceExporter();
`;

  it("which the new ending closes, behind its registration", () => {
    const before = `${head}const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
exporter.shutdown();
provider.register();
${serve}`;
    expect(text(before))
      .toBe(`${head}const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
provider.register();

${ending("provider.shutdown()")}${signals}${serve}`);
  });

  it("by a later call", () => {
    const before = `${head}const provider = new NodeTracerProvider();
provider.addSpanProcessor(new BatchSpanProcessor(exporter));
exporter.shutdown();
provider.register();
${serve}`;
    expect(text(before)).toContain(ending("provider.shutdown()"));
  });

  it("unless nothing holds that by name", () => {
    const before = `${head}new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }).register();
exporter.shutdown();
${serve}`;
    expect(text(before)).toBeUndefined();
  });
});

describe("a shared client is flushed instead", () => {
  const program = (close: string) => `import { createServer } from 'node:http';
import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: 'k' });

export async function track(event) {
  analytics.track({ userId: 'u', event });
  ${close}
}

createServer(async (request, response) => {
  await track('visit');
  response.end();
}).listen(80);
`;

  it.each([
    ["await analytics.closeAndFlush();", "await analytics.flush({ timeout: 3000 });"],
    ["await analytics.closeAndFlush({ timeout: 500 });", "await analytics.flush({ timeout: 500 });"],
    [
      "return analytics.closeAndFlush().catch(console.error);",
      "return analytics.flush({ timeout: 3000 }).catch(console.error);",
    ],
  ])("%s", (before, after) => {
    const found = repaired({ "package.json": { main: "main.mjs" }, "main.mjs": program(before) });
    expect(found).toEqual({ level: "review", files: { "main.mjs": program(after) } });
  });
});

describe("a shutdown is given time", () => {
  const program = (args: string) => `import { MeterProvider } from '@opentelemetry/sdk-metrics';

const provider = new MeterProvider();
provider.getMeter('m').createCounter('c').add(1);
await provider.shutdown(${args});
`;

  it.each([
    ["{ timeoutMillis: 0 }", "{ timeoutMillis: 5000 }"],
    ["{ signal: AbortSignal.abort() }", ""],
    ["{ signal: AbortSignal.abort(), timeoutMillis: 800 }", "{ timeoutMillis: 800 }"],
    ["{ timeoutMillis: 0, signal: AbortSignal.abort() }", "{ timeoutMillis: 5000 }"],
  ])("%s", (before, after) => {
    const found = repaired({ "package.json": { main: "main.mjs" }, "main.mjs": program(before) });
    expect(found).toEqual({ level: "review", files: { "main.mjs": program(after) } });
  });
});
