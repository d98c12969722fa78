import { describe, expect, it, onTestFinished } from "vitest";
import { codemods } from "../codemods/index.js";
import { Workspace } from "../src/workspace.js";
import { treeOf } from "./support/fixtures.js";
import { repairAll } from "./support/repair.js";
import { SENTRY, SDK, program, repaired, body, offersNothing } from "./support/exit-repairs.js";

it("fits two repairs of one function together", async () => {
  const text =
    "process.on('SIGTERM', () => {\n  if (busy()) {\n    process.exit(1);\n  }\n  console.log('bye');\n  process.exit(0);\n});\n";
  const root = program({ "main.js": SDK + text });
  const [first] = await repairAll(root);
  expect(first?.applied).toHaveLength(2);
  expect(
    treeOf(root)
      .get("main.js")
      ?.match(/async /g),
  ).toHaveLength(1);
});

it("keeps a finding whose repair crashes, and says so", () => {
  const rule = "no-exit-before-flush";
  const real = codemods[rule];
  onTestFinished(() => {
    if (real) codemods[rule] = real;
  });
  codemods[rule] = () => {
    throw new Error("broken repair");
  };
  const root = program({
    "main.js": `${SDK}process.on('SIGTERM', async () => {\n  await stop();\n  process.exit(0);\n});\n`,
  });
  const workspace = Workspace.open({ root, cacheDir: false });
  const { findings, problems } = workspace.analyse();
  expect(findings.map((finding) => finding.fix)).toEqual([null]);
  expect(problems).toEqual([expect.objectContaining({ kind: "crash", file: "main.js" })]);
  expect(problems[0]?.message).toContain("broken repair");
});

describe("a flush that is there already is waited for", () => {
  it("with a limit and a catch that it lacks", async () => {
    expect(
      await body(
        SENTRY,
        "process.on('SIGTERM', async () => {\n  await stop();\n  Sentry.captureMessage('bye');\n  void Sentry.close();\n  process.exit(0);\n});\n",
        "safe",
      ),
    ).toContain("  await Sentry.close(3000);\n  process.exit(0);\n");
  });

  it("through a line that only talks", async () => {
    expect(
      await body(
        SDK,
        "process.on('SIGTERM', async () => {\n  sdk.shutdown().then(() => console.log('closed'));\n  console.log('bye');\n  process.exit(0);\n});\n",
        "safe",
      ),
    ).toBe(
      "process.on('SIGTERM', async () => {\n  await sdk.shutdown().then(() => console.log('closed')).catch(console.error);\n  console.log('bye');\n  process.exit(0);\n});\n",
    );
  });

  it("in a listener that stays synchronous", async () => {
    expect(
      await body(
        SENTRY,
        "process.on('SIGTERM', () => {\n  Sentry.captureMessage('bye');\n  Sentry.flush(1000);\n  process.exit(0);\n});\n",
        "safe",
      ),
    ).toContain("  Sentry.flush(1000).finally(() => process.exit(0));\n});\n");
  });
});

describe("what is flushed is what the program has", () => {
  it("its own ending before the handle", async () => {
    const text =
      "export async function stopTelemetry() {\n  try {\n    await sdk.shutdown();\n  } catch (error) {\n    console.error(error);\n  }\n}\n\nprocess.on('SIGTERM', async () => {\n  await stop();\n  process.exit(0);\n});\n";
    expect(await body(SDK, text, "safe")).toContain(
      "  await stop();\n  await stopTelemetry();\n  process.exit(0);\n",
    );
  });

  it("an object with the client in a field", async () => {
    const head =
      "import { PostHog } from 'posthog-node';\n\nclass Usage {\n  constructor() {\n    this.client = new PostHog('key');\n  }\n  async end() {\n    await this.client.shutdown(1000);\n  }\n}\nconst usage = new Usage();\n";
    expect(
      await body(
        head,
        "process.on('SIGTERM', async () => {\n  usage.client.capture({ distinctId: 'a', event: 'b' });\n  process.exit(0);\n});\n",
        "safe",
      ),
    ).toContain("  await usage.end();\n  process.exit(0);\n");
  });

  it("all providers of a pipeline together", async () => {
    const head =
      "import { readers, spanProcessors } from './sinks.js';\nimport { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';\nimport { MeterProvider } from '@opentelemetry/sdk-metrics';\n\nconst traces = new NodeTracerProvider({ spanProcessors });\ntraces.register();\nconst meters = new MeterProvider({ readers });\n\n";
    expect(
      await body(
        head,
        "process.on('SIGTERM', async () => {\n  await stop();\n  process.exit(0);\n});\n",
        "safe",
      ),
    ).toContain("  await Promise.allSettled([traces.shutdown(), meters.shutdown()]);\n");
  });

  it("a handle that may be missing, with ?.", async () => {
    const head =
      "import { NodeSDK } from '@opentelemetry/sdk-node';\n\nlet sdk;\nif (process.env.OTEL) {\n  sdk = new NodeSDK();\n  sdk.start();\n}\n\n";
    expect(
      await body(
        head,
        "process.on('SIGTERM', async () => {\n  await stop();\n  process.exit(0);\n});\n",
        "safe",
      ),
    ).toContain("  await sdk?.shutdown().catch(console.error);\n");
  });

  it("a handle of a CommonJS file that nobody exports yet", async () => {
    const out = await repaired(
      {
        "package.json": '{ "name": "app", "main": "main.js" }',
        "main.js":
          "require('./tracing');\n\nprocess.on('SIGTERM', async () => {\n  await stop();\n  process.exit(0);\n});\n",
        "tracing.js":
          "const { NodeSDK } = require('@opentelemetry/sdk-node');\n\nconst sdk = new NodeSDK();\nsdk.start();\n",
      },
      ["review"],
    );
    expect(out["main.js"]).toMatch(/^const \{ sdk \} = require\('\.\/tracing'\);\n/);
    expect(out["tracing.js"]).toMatch(/\nmodule\.exports = \{ sdk \};\n$/);
  });

  it("a helper made beside a handle that is set later", async () => {
    const out = await repaired(
      {
        "main.js":
          "import { start } from './tracing.js';\n\nstart();\nprocess.on('SIGTERM', async () => {\n  await stop();\n  process.exit(0);\n});\n",
        "tracing.js":
          "import { NodeSDK } from '@opentelemetry/sdk-node';\n\nlet sdk;\n\nexport function start() {\n  sdk = new NodeSDK();\n  sdk.start();\n}\n",
      },
      ["review"],
    );
    expect(out["main.js"]).toContain("import { shutdownTelemetry, start } from './tracing.js';\n");
    expect(out["tracing.js"]).toContain(
      "export async function shutdownTelemetry() {\n  await sdk?.shutdown().catch(console.error);\n}\n",
    );
  });

  it("the twin that can be awaited, in the version that needs it", async () => {
    const out = await repaired(
      {
        "package.json":
          '{ "type": "module", "main": "main.js", "dependencies": { "posthog-node": "^3.1.0" } }',
        "main.js":
          "import { PostHog } from 'posthog-node';\n\nconst posthog = new PostHog('key');\n\nasync function run() {\n  posthog.capture({ distinctId: 'a', event: 'b' });\n  process.exit(0);\n}\nawait run();\n",
      },
      ["safe"],
    );
    expect(out["main.js"]).toContain("  await posthog.shutdownAsync();\n  process.exit(0);\n");
  });

  it("but nothing after a call that dropped it all", () => {
    offersNothing({
      "package.json":
        '{ "type": "module", "main": "main.js", "dependencies": { "applicationinsights": "^2.9.0" } }',
      "main.js":
        "import appInsights from 'applicationinsights';\n\nappInsights.setup().start();\nconst client = appInsights.defaultClient;\n\nprocess.on('SIGTERM', async () => {\n  client.trackEvent({ name: 'end' });\n  appInsights.dispose();\n  process.exit(0);\n});\n",
    });
  });
});

describe("an exit whose finally flushes", () => {
  const wrap = (exit: string): string =>
    `async function main() {\n  try {\n    await work();\n    ${exit}\n    await more();\n  } finally {\n    await sdk.shutdown();\n  }\n}\nawait main();\n`;

  it("gives way to process.exitCode", async () => {
    expect(await body(SDK, wrap("if (failed()) process.exit(3);"), "review")).toBe(
      wrap("if (failed()) {\n      process.exitCode = 3;\n      return;\n    }"),
    );
  });

  it("stays, after a flush, where the function gives a value", async () => {
    const text = wrap("if (failed()) process.exit(3);").replace("await more();", "return await more();");
    expect(await body(SDK, text, "safe")).toContain(
      "    if (failed()) {\n      await sdk.shutdown().catch(console.error);\n      process.exit(3);\n    }\n",
    );
  });
});
