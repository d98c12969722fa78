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
