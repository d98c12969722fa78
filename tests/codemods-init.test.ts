import { describe, expect, it } from "vitest";
import { repaired, text, start, ending, signals, serve } from "./support/init-repairs.js";

describe("the closing goes", () => {
  const closedElsewhere = `process.once('SIGTERM', async () => {
  await sdk.shutdown();
  process.exit(0);
});
`;

  it.each([
    ["with an await of its own", "sdk.start();\nawait sdk.shutdown();\n", "sdk.start();\n"],
    [
      "with its log lines",
      "sdk.start();\nsdk.shutdown().then(() => console.log('over'), console.error);\n",
      "sdk.start();\n",
    ],
    [
      "with chained log lines",
      "sdk.start();\nsdk\n  .shutdown()\n  .then(() => { console.log('over'); })\n  .catch((e) => console.error(e))\n",
      "sdk.start();\n",
    ],
    [
      "with the try that logs its failure",
      "sdk.start();\ntry {\n  await sdk.shutdown();\n} catch (e) {\n  console.error(e);\n}\n",
      "sdk.start();\n",
    ],
    [
      "with the function that is called on the spot",
      "sdk.start();\n(async () => {\n  await sdk.shutdown();\n})();\n",
      "sdk.start();\n",
    ],
    [
      "with its comment",
      "sdk.start();\n\n// flush what the start has recorded\nsdk.shutdown();\n\n",
      "sdk.start();\n\n",
    ],
    ["with the comment behind it", "sdk.start();\nsdk.shutdown(); // all sent\n", "sdk.start();\n"],
    ["from a line that it shares", "sdk.start(); sdk.shutdown();\n", "sdk.start();\n"],
    [
      "with one of two blank lines",
      "sdk.start();\n\nsdk.shutdown();\n\nconst a = 1;\n",
      "sdk.start();\n\nconst a = 1;\n",
    ],
    [
      "and leaves a comment about more",
      "sdk.start();\n// the rest of the set-up\nsdk.shutdown();\nconst a = 1;\n",
      "sdk.start();\n// the rest of the set-up\nconst a = 1;\n",
    ],
    [
      "and leaves the semicolon that guards the next line",
      "sdk.start()\nsdk.shutdown()\n;[1].forEach(() => {})\n",
      "sdk.start()\n;[1].forEach(() => {})\n",
    ],
    [
      "with the finally that only closes",
      "try {\n  sdk.start();\n  // on\n  console.log('on');\n} finally {\n  await sdk.shutdown();\n}\n",
      "sdk.start();\n// on\nconsole.log('on');\n",
    ],
    [
      "with the finally behind a catch",
      "try {\n  sdk.start();\n} catch (e) {\n  console.error(e);\n} finally {\n  await sdk.shutdown();\n}\n",
      "try {\n  sdk.start();\n} catch (e) {\n  console.error(e);\n}\n",
    ],
  ])("%s", (_what, before, after) => {
    const rest = closedElsewhere + serve;
    const found = repaired({ "package.json": { main: "main.mjs" }, "main.mjs": start + before + rest });
    expect(found).toEqual({ level: "safe", files: { "main.mjs": start + after + rest } });
  });

  it.each([
    ["its value is used", "sdk.start();\nconst closed = sdk.shutdown();\nawait closed;\n"],
    ["something hangs on it", "sdk.start();\nsdk.shutdown().then(() => serve());\nfunction serve() {}\n"],
    [
      "it is one of several",
      "sdk.start();\nawait Promise.all([sdk.shutdown(), fetch('http://localhost')]);\n",
    ],
  ])("not where %s", (_what, before) => {
    expect(
      repaired({
        "package.json": { main: "main.mjs" },
        "main.mjs": start + before + closedElsewhere + serve,
      }),
    ).toBeUndefined();
  });

  it("keeps Windows line ends", () => {
    const windows = (lines: string) => lines.replaceAll("\n", "\r\n");
    const rest = closedElsewhere + serve;
    expect(text(windows(`${start}sdk.start();\n\n// close it\nsdk.shutdown();\n\n${rest}`))).toBe(
      windows(`${start}sdk.start();\n\n${rest}`),
    );
  });

  it("and takes an import along that nothing else needs", () => {
    const found = repaired({
      "package.json": { main: "main.mjs" },
      "otel.mjs": `${start}export const startTelemetry = () => sdk.start();
export const stopTelemetry = () => sdk.shutdown();
process.once('SIGTERM', async () => {
  await stopTelemetry();
});
`,
      "main.mjs": `import { startTelemetry, stopTelemetry } from './otel.mjs';\n\nstartTelemetry();\nawait stopTelemetry();\n${serve}`,
    });
    expect(found).toEqual({
      level: "safe",
      files: { "main.mjs": `import { startTelemetry } from './otel.mjs';\n\nstartTelemetry();\n${serve}` },
    });
  });
});

describe("an ending is made", () => {
  it("in the place of the closing", () => {
    expect(text(`${start}sdk.start();\nsdk.shutdown();\n${serve}`)).toBe(
      `${start}sdk.start();\n\n${ending("sdk.shutdown()")}${signals}${serve}`,
    );
  });

  it("in a file without semicolons, with tabs and double quotes, in CommonJS", () => {
    const before = `const { NodeSDK } = require("@opentelemetry/sdk-node")

const sdk = new NodeSDK()
sdk.start()
sdk.shutdown().catch((e) => {
	console.error(e)
})

setInterval(() => {
	fetch("http://localhost")
}, 1000)
`;
    expect(text(before, "main.cjs")).toBe(`const { NodeSDK } = require("@opentelemetry/sdk-node")

const sdk = new NodeSDK()
sdk.start()

let telemetryShutdown

/** Sends what is still buffered and closes telemetry, once, within five seconds. */
function shutdownTelemetry() {
	telemetryShutdown ??= Promise.race([
		sdk.shutdown().catch(console.error),
		new Promise((resolve) => setTimeout(resolve, 5000).unref()),
	])
	return telemetryShutdown
}

process.once("beforeExit", () => {
	setTimeout(() => process.exit(), 5000).unref() // even if a collector never answers
	void shutdownTelemetry()
})
process.once("SIGTERM", (signal) => {
	void shutdownTelemetry().finally(() => process.kill(process.pid, signal))
})
process.once("SIGINT", (signal) => {
	void shutdownTelemetry().finally(() => process.kill(process.pid, signal))
})

setInterval(() => {
	fetch("http://localhost")
}, 1000)
`);
  });

  it("for a handle that is there only once it is started", () => {
    const before = `import { NodeSDK } from '@opentelemetry/sdk-node';

let sdk;

export async function startTelemetry() {
  sdk = new NodeSDK();
  sdk.start();
  await sdk.shutdown();
}

await startTelemetry();
${serve}`;
    expect(text(before)).toContain(
      `  sdk.start();\n}\n\n${ending("sdk?.shutdown()")}${signals}\nawait startTelemetry();\n`,
    );
  });

  it("for a field that no method closes", () => {
    const before = `import { NodeSDK } from '@opentelemetry/sdk-node';

class Telemetry {
  sdk = new NodeSDK();

  async start() {
    this.sdk.start();
    await this.sdk.shutdown();
  }
}

await new Telemetry().start();
${serve}`;
    const after = text(before);
    expect(after).toContain(
      "    const shutdownTelemetry = () => {\n      telemetryShutdown ??= Promise.race([\n        this.sdk.shutdown().catch(console.error),\n",
    );
    expect(after).toContain(
      "    };\n\n    process.once('beforeExit', () => {\n      setTimeout(() => process.exit(), 5000).unref(); // even if a collector never answers\n      void shutdownTelemetry();\n    });\n",
    );
  });

  it("around a function of the program that closes", () => {
    const found = repaired({
      "package.json": { main: "main.mjs" },
      "otel.mjs": `${start}export const startTelemetry = () => sdk.start();\nexport async function stopTelemetry() {\n  await sdk.shutdown();\n}\n`,
      "main.mjs": `import { startTelemetry, stopTelemetry } from './otel.mjs';\n\nstartTelemetry();\nawait stopTelemetry();\n${serve}`,
    });
    expect(found).toEqual({
      level: "review",
      files: {
        "main.mjs": `import { startTelemetry, stopTelemetry } from './otel.mjs';\n\nstartTelemetry();\n\n${ending("stopTelemetry()")}${signals}${serve}`,
      },
    });
  });

  it("with another name, and the global timer, where those are taken", () => {
    const after = text(`import { setTimeout } from 'node:timers/promises';
${start}sdk.start();
await sdk.shutdown();

const shutdownTelemetry = false;
await setTimeout(1000, shutdownTelemetry);
`);
    expect(after).toContain("export function closeTelemetry() {\n  telemetryClosing ??= Promise.race([\n");
    expect(after).toContain("globalThis.setTimeout(resolve, 5000).unref()");
  });

  it("without the signals that another file listens for", () => {
    const found = repaired({
      "package.json": { main: "main.mjs" },
      "otel.mjs": `${start}sdk.start();\nsdk.shutdown();\n`,
      "main.mjs": `import './otel.mjs';\nimport { createServer } from 'node:http';\n\nconst server = createServer().listen(80);\nfor (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());\n`,
    });
    expect(found?.files).toEqual({ "otel.mjs": `${start}sdk.start();\n\n${ending("sdk.shutdown()")}` });
  });

  it("not twice in a file: the second handle joins it", () => {
    const before = `import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { LoggerProvider } from '@opentelemetry/sdk-logs';

const logs = new LoggerProvider();
const provider = new NodeTracerProvider();
provider.register();
provider.shutdown();

${ending("logs.shutdown()")}${serve}`;
    const after = text(before);
    expect(after).toContain(
      "Promise.all([logs.shutdown().catch(console.error), provider.shutdown().catch(console.error)]),\n    new Promise(",
    );
    expect(after).not.toContain("\nprovider.shutdown();");
  });

  it("not twice in a function either", () => {
    const before = `import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { LoggerProvider } from '@opentelemetry/sdk-logs';

function start() {
  const logs = new LoggerProvider();
  const provider = new NodeTracerProvider();
  provider.register();
  provider.shutdown();
${ending("logs.shutdown()")
  .replace("export ", "")
  .replace(/^(?=.)/gm, "  ")}}

start();
${serve}`;
    expect(text(before)).toContain(
      "Promise.all([logs.shutdown().catch(console.error), provider.shutdown().catch(console.error)]),\n",
    );
  });

  it("not behind the end of its function", () => {
    const before = `import { NodeSDK } from '@opentelemetry/sdk-node';

async function start() {
  const sdk = new NodeSDK();
  try {
    sdk.start();
    return 'started';
  } finally {
    await sdk.shutdown();
  }
}

await start();
${serve}`;
    expect(text(before)).toBeUndefined();
  });

  it("not in a function that is frozen between its invocations", () => {
    const found = repaired({
      "package.json": {},
      "serverless.yml": "functions:\n  api:\n    handler: api.handler\n",
      "api.mjs": `${start}sdk.start();\nawait sdk.shutdown();\n\nexport const handler = async () => ({ statusCode: 200 });\n`,
    });
    expect(found).toBeUndefined();
  });

  it("not where the end of the closing cannot be awaited", () => {
    const before = `import { startTelemetry, stopTelemetry } from './otel.mjs';\n\nstartTelemetry();\nstopTelemetry();\n${serve}`;
    const otel = `${start}export const startTelemetry = () => sdk.start();\nexport function stopTelemetry() {\n  sdk.shutdown().catch(console.error);\n}\n`;
    expect(
      repaired({ "package.json": { main: "main.mjs" }, "otel.mjs": otel, "main.mjs": before }),
    ).toBeUndefined();
  });
});
