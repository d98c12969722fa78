import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { codemods } from "../codemods/index.js";
import type { FixLevel } from "../src/finding.js";
import { Workspace } from "../src/workspace.js";
import { temporary, treeOf } from "./support/fixtures.js";
import { repairAll } from "./support/repair.js";

const MODULE = '{ "name": "app", "type": "module", "main": "main.js" }';
const SENTRY = "import * as Sentry from '@sentry/node';\n\nSentry.init({ dsn: process.env.DSN });\n\n";
const SDK =
  "import { NodeSDK } from '@opentelemetry/sdk-node';\n\nconst sdk = new NodeSDK();\nsdk.start();\n\n";

/** Writes a program; files not given come from an ES module package whose entry is `main.js`. */
function program(files: Record<string, string>): string {
  const root = temporary();
  for (const [file, text] of Object.entries({ "package.json": MODULE, ...files })) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

function levels(root: string): FixLevel[] {
  const workspace = Workspace.open({ root, cacheDir: false });
  const { findings, problems } = workspace.analyse();
  expect(problems).toEqual([]);
  return findings.map((finding) => finding.fix);
}

/** Repairs a program with one finding or more, holds that nothing is left, and gives its files. */
async function repaired(
  files: Record<string, string>,
  expected: FixLevel[],
): Promise<Record<string, string>> {
  const root = program(files);
  expect(levels(root)).toEqual(expected);
  const rounds = await repairAll(root);
  expect(rounds.flatMap((r) => r.skipped.filter((s) => !s.reason.includes("run again")))).toEqual([]);
  expect(rounds.at(-1)?.analysis.findings).toEqual([]);
  return Object.fromEntries(treeOf(root));
}

/** The same for one file, of which only what follows the set-up is given and looked at. */
async function body(head: string, text: string, level: FixLevel, file = "main.js"): Promise<string> {
  const out = await repaired(
    file === "main.js"
      ? { [file]: head + text }
      : { [file]: head + text, "package.json": `{ "main": "${file}" }` },
    [level],
  );
  const whole = out[file] ?? "";
  expect(whole.startsWith(head)).toBe(true);
  return whole.slice(head.length);
}

/** Holds that a program is reported and no repair is offered. */
function offersNothing(files: Record<string, string>): void {
  expect(levels(program(files))).toEqual([null]);
}

describe("the style of the file is kept", () => {
  it("goes without semicolons", async () => {
    const head =
      "import { NodeSDK } from '@opentelemetry/sdk-node'\n\nconst sdk = new NodeSDK()\nsdk.start()\n\n";
    expect(
      await body(
        head,
        "process.on('SIGTERM', async () => {\n  await stop()\n  process.exit(0)\n})\n",
        "safe",
      ),
    ).toBe(
      "process.on('SIGTERM', async () => {\n  await stop()\n  await sdk.shutdown().catch(console.error)\n  process.exit(0)\n})\n",
    );
  });

  it("indents with tabs", async () => {
    expect(
      await body(SDK, "process.on('SIGTERM', async () => {\n\tif (busy()) process.exit(1);\n});\n", "safe"),
    ).toBe(
      "process.on('SIGTERM', async () => {\n\tif (busy()) {\n\t\tawait sdk.shutdown().catch(console.error);\n\t\tprocess.exit(1);\n\t}\n});\n",
    );
  });

  it("indents with four spaces", async () => {
    expect(
      await body(
        SDK,
        "async function end() {\n    await stop();\n    server.close(() => process.exit(0));\n}\nprocess.on('SIGTERM', end);\n",
        "review",
      ),
    ).toBe(
      "async function end() {\n    await stop();\n    server.close(async () => {\n        await sdk.shutdown().catch(console.error);\n        process.exit(0);\n    });\n}\nprocess.on('SIGTERM', end);\n",
    );
  });

  it("keeps CRLF line ends", async () => {
    const text = (
      SDK + "process.on('SIGTERM', async () => {\n  if (busy())\n    process.exit(1);\n});\n"
    ).replaceAll("\n", "\r\n");
    const out = await repaired({ "main.js": text }, ["safe"]);
    expect(out["main.js"]?.replaceAll("\r\n", "")).not.toContain("\n");
    expect(out["main.js"]).toContain(
      "  if (busy()) {\r\n    await sdk.shutdown().catch(console.error);\r\n    process.exit(1);\r\n  }\r\n});\r\n",
    );
  });

  it("quotes an added import as the file does, with the extension of its neighbours", async () => {
    const out = await repaired(
      {
        "main.js":
          'import "./tracing.js";\nimport { stop } from "./stop.js";\n\nprocess.on("SIGTERM", async () => {\n  await stop();\n  process.exit(0);\n});\n',
        "stop.js": "export const stop = async () => {};\n",
        "tracing.js": 'import "./otel.js";\n',
        "otel.js": `${SDK}export { sdk };\n`,
      },
      ["review"],
    );
    expect(out["main.js"]).toContain('import { stop } from "./stop.js";\nimport { sdk } from "./otel.js";\n');
  });

  it("writes callbacks as functions where the file knows no arrows", async () => {
    const head = "var Rollbar = require('rollbar');\nvar rollbar = new Rollbar('token');\n\n";
    expect(
      await body(
        head,
        "process.on('SIGTERM', function () {\n  rollbar.error('stopped');\n  process.exit(1);\n});\n",
        "review",
        "main.cjs",
      ),
    ).toBe(
      "process.on('SIGTERM', function () {\n  rollbar.error('stopped');\n  rollbar.wait(function () { process.exit(1); });\n});\n",
    );
  });

  it("leaves tool comments next to their line", async () => {
    expect(
      await body(
        SDK,
        "process.on('SIGTERM', async () => {\n  await stop();\n  // the end\n  // eslint-disable-next-line n/no-process-exit\n  process.exit(0);\n});\n",
        "safe",
      ),
    ).toBe(
      "process.on('SIGTERM', async () => {\n  await stop();\n  // the end\n  await sdk.shutdown().catch(console.error);\n  // eslint-disable-next-line n/no-process-exit\n  process.exit(0);\n});\n",
    );
  });
});

describe("an exit is waited for where it stands", () => {
  it("as the value of return", async () => {
    expect(
      await body(SDK, "process.on('SIGTERM', async () => {\n  return process.exit(0);\n});\n", "safe"),
    ).toBe(
      "process.on('SIGTERM', async () => {\n  await sdk.shutdown().catch(console.error);\n  return process.exit(0);\n});\n",
    );
  });

  it("in nested conditionals that only exit", async () => {
    const text =
      "process.on('SIGTERM', async () => {\n  const ok = await stop();\n  ok ? process.exit(0) : late() ? process.exit(2) : process.exit(1);\n});\n";
    const out = await repaired({ "main.js": SDK + text }, ["safe", "safe", "safe"]);
    expect(out["main.js"]).toContain("  await sdk.shutdown().catch(console.error);\n  ok ? process.exit(0)");
  });

  it("behind &&", async () => {
    expect(
      await body(
        SDK,
        "process.on('SIGTERM', async () => {\n  (await stop()) && process.exit(0);\n});\n",
        "safe",
      ),
    ).toContain(
      "  if (await stop()) {\n    await sdk.shutdown().catch(console.error);\n    process.exit(0);\n  }\n",
    );
  });

  it("beside another statement on its line", async () => {
    expect(
      await body(SDK, "process.on('SIGTERM', async () => { await stop(); process.exit(0); });\n", "safe"),
    ).toBe(
      "process.on('SIGTERM', async () => { await stop(); await sdk.shutdown().catch(console.error); process.exit(0); });\n",
    );
  });

  it("as an else without braces", async () => {
    expect(
      await body(
        SDK,
        "process.on('SIGTERM', async () => {\n  if (await stop()) console.log('bye');\n  else process.exit(1);\n});\n",
        "safe",
      ),
    ).toBe(
      "process.on('SIGTERM', async () => {\n  if (await stop()) console.log('bye');\n  else {\n    await sdk.shutdown().catch(console.error);\n    process.exit(1);\n  }\n});\n",
    );
  });

  it("before an else", async () => {
    expect(
      await body(
        SDK,
        "process.on('SIGTERM', async () => {\n  if (await stop()) process.exit(0);\n  else console.log('wait');\n});\n",
        "safe",
      ),
    ).toBe(
      "process.on('SIGTERM', async () => {\n  if (await stop()) {\n    await sdk.shutdown().catch(console.error);\n    process.exit(0);\n  } else console.log('wait');\n});\n",
    );
  });

  it("as the arrow's body on a line of its own", async () => {
    expect(await body(SDK, "stop().finally(() =>\n  process.exit(0),\n);\n", "safe")).toBe(
      "stop().finally(async () => {\n  await sdk.shutdown().catch(console.error);\n  process.exit(0);\n});\n",
    );
  });

  it("handed on by its name, with the code that it gets", async () => {
    expect(await body(SDK, "run().then(process.exit);\n", "safe")).toBe(
      "run().then(async (code) => {\n  await sdk.shutdown().catch(console.error);\n  process.exit(code);\n});\n",
    );
  });

  it("at the top level of an ES module", async () => {
    expect(await body(SENTRY, "Sentry.captureMessage('done');\nprocess.exit(0);\n", "safe")).toBe(
      "Sentry.captureMessage('done');\nawait Sentry.flush(2000);\nprocess.exit(0);\n",
    );
  });
});

describe("functions become async where that is sound", () => {
  it("a listener by its name, with a bare parameter", async () => {
    expect(
      await body(
        SENTRY,
        "const crash = err => {\n  Sentry.captureException(err);\n  process.exit(1);\n};\nprocess.on('uncaughtException', crash);\n",
        "review",
      ),
    ).toContain(
      "const crash = async err => {\n  Sentry.captureException(err);\n  await Sentry.flush(2000);\n  process.exit(1);\n};\n",
    );
  });

  it("a private method and its callers", async () => {
    const text =
      "class Job {\n  async run() {\n    try {\n      await work();\n    } catch (error) {\n      this.#fail(error);\n    }\n  }\n\n  #fail(error) {\n    Sentry.captureException(error);\n    process.exit(1);\n  }\n}\nawait new Job().run();\n";
    const out = await body(SENTRY, text, "review");
    expect(out).toContain("      await this.#fail(error);\n");
    expect(out).toContain(
      "  async #fail(error) {\n    Sentry.captureException(error);\n    await Sentry.flush(2000);\n",
    );
  });

  it("a helper that never comes back, with its type and the narrowing behind it", async () => {
    const out = await repaired(
      {
        "package.json": '{ "name": "app", "type": "module", "bin": "main.ts" }',
        "main.ts": `${SENTRY}function fail(message: string): never {\n  Sentry.captureMessage(message);\n  process.exit(1);\n}\n\nasync function run(name?: string): Promise<number> {\n  if (name === undefined) fail('no name');\n  return name.length;\n}\nawait run(process.argv[2]);\n`,
      },
      ["review"],
    );
    expect(out["main.ts"]).toContain("async function fail(message: string): Promise<never> {");
    expect(out["main.ts"]).toContain("  if (name === undefined) return await fail('no name');\n");
  });

  it("but not what is called in the middle of an expression", () => {
    offersNothing({
      "main.js": `${SENTRY}function fail(message) {\n  Sentry.captureMessage(message);\n  process.exit(1);\n}\nconst name = process.argv[2] ?? fail('no name');\nconsole.log(name);\n`,
    });
  });

  it("but not the callback of an array method", () => {
    offersNothing({
      "main.js": `${SENTRY}process.argv.forEach((name) => {\n  Sentry.captureMessage(name);\n  process.exit(1);\n});\nconsole.log('on');\n`,
    });
  });

  it("but not an exported function of a library", () => {
    offersNothing({
      "package.json": '{ "name": "lib", "type": "module", "exports": "./main.js" }',
      "main.js": `${SENTRY}export function fail(error) {\n  Sentry.captureException(error);\n  process.exit(1);\n}\n`,
    });
  });

  it("but not the top level of a script without await", () => {
    offersNothing({
      "package.json": '{ "name": "app", "main": "main.js" }',
      "main.js":
        "const Sentry = require('@sentry/node');\nSentry.init({});\nSentry.captureMessage('done');\nprocess.exit(0);\n",
    });
  });
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
