import { describe, expect, it } from "vitest";
import { repairRequireCrashCapture } from "../codemods/require-crash-capture.js";
import { requireCrashCapture } from "../rules/require-crash-capture.js";
import { Project, telemetrySpecifiers } from "../src/program/project.js";
import { project as indexOf } from "./support/program-index-tree.js";
import { main, SENTRY, SDK, TRACED, ROLLBAR, SERVER } from "./support/crash-repairs.js";

const WORK = `async function run() {
  await fetch("https://example.test");
}
`;

describe("an entry that nobody catches", () => {
  it("records its failure on a span and closes telemetry", () => {
    expect(main(TRACED, `${WORK}run();\n`)).toMatchObject({
      shape: "floating-entry",
      level: "safe",
      text: `${WORK}run().catch(async (error) => {
  console.error(error);
  const span = tracer.startSpan("run");
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  await sdk.shutdown().catch(console.error);
  process.exit(1);
});
`,
    });
  });

  it("ends at once where something else would keep it alive", () => {
    const made = main(TRACED + SERVER, `${WORK}run();\n`);
    expect(made.text).toContain("  await sdk.shutdown().catch(console.error);\n  process.exit(1);\n});\n");
  });

  it("ends before what follows where it was awaited", () => {
    const made = main(TRACED, `${WORK}await run();\nconsole.log("done");\n`);
    expect(made).toMatchObject({ shape: "awaited-entry", level: "safe" });
    expect(made.text).toContain("await run().catch(async (error) => {\n");
    expect(made.text).toContain("  process.exit(1);\n});\nconsole.log");
  });

  it("keeps what it gives", () => {
    const made = main(TRACED, `${WORK}const done = await run();\nexport { done };\n`);
    expect(made.text).toContain("const done = await run().catch(async (error) => {\n");
    expect(made.text).toContain("  process.exit(1);\n});\nexport");
  });

  it("is caught behind the links of its chain", () => {
    const made = main(TRACED, `${WORK}run()\n  .then(() => console.log("done"));\n`);
    expect(made.text).toContain(
      'run()\n  .then(() => console.log("done"))\n  .catch(async (error) => {\n    console.error(error);\n',
    );
  });

  it("gets braces around more than one line", () => {
    const made = main(TRACED, `${WORK}if (process.argv[2]) run();\n`);
    expect(made.text).toContain("if (process.argv[2]) {\n  run().catch(async (error) => {\n    console");
    expect(made.text).toMatch(/\n {2}\}\);\n\}\n$/);
  });

  it("is logged as the file does, and writes as the file does", () => {
    const head = TRACED.replaceAll(";", "").replaceAll('"', "'");
    const text = `import { logger } from './logger.js'\n${WORK.replace(";", "")}logger.error('seen')\nrun()\n`;
    const logger = "export const logger = { error: (e) => process.stdout.write(`${e}`) }\n";
    const made = main(head, text, { "logger.js": logger });
    expect(made.text).toContain("run().catch(async (error) => {\n  logger.error(error)\n  const span");
    expect(made.text).toContain("tracer.startSpan('run')\n");
  });

  it("imports the API under the names that it lacks", () => {
    const made = main(
      "",
      `import { sdk } from "./tracing.js";\nimport { trace } from "@opentelemetry/api";\ntrace.getActiveSpan();\n${WORK}run();\nexport { sdk };\n`,
      {
        "tracing.js": SDK,
      },
    );
    expect(made.level).toBe("review");
    expect(made.text).toContain('import { SpanStatusCode, trace } from "@opentelemetry/api";\n');
    expect(made.text).toContain('trace.getTracer("app").startSpan("run")');
  });

  it("is only sent and logged where the API is not asked for", () => {
    const json = {
      name: "app",
      type: "module",
      scripts: { start: "node main.js" },
      dependencies: { "@opentelemetry/sdk-node": "^0.200.0" },
    };
    const made = main(SDK, `${WORK}run();\n`, { "package.json": json });
    expect(made.text).toBe(
      `${WORK}run().catch(async (error) => {\n  console.error(error);\n  await sdk.shutdown().catch(console.error);\n  process.exit(1);\n});\n`,
    );
  });

  it("waits for a reporter that calls back, for a limited time", () => {
    expect(main(ROLLBAR, `${WORK}run();\n`)).toMatchObject({
      level: "safe",
      text: `${WORK}run().catch(async (error) => {
  console.error(error);
  rollbar.error(error);
  await Promise.race([
    new Promise((resolve) => rollbar.wait(() => resolve(undefined))),
    new Promise((resolve) => setTimeout(resolve, 2000).unref()),
  ]);
  process.exit(1);
});
`,
    });
  });

  it("is for review where a listener kept the process alive", () => {
    const text = `process.on("unhandledRejection", (reason) => console.log(reason));\n${WORK}run();\n`;
    const index = indexOf(
      { "package.json": { type: "module", scripts: { start: "node main.js" } }, "main.js": TRACED + text },
      { telemetrySpecifiers },
    );
    const project = new Project(index);
    const levels = requireCrashCapture
      .check(project, { strict: false })
      .map((report) => repairRequireCrashCapture(report, project)?.level);
    expect(levels).not.toContain("safe");
  });
});

describe("a catch that swallows", () => {
  it("tells, and says by the exit code that it failed", () => {
    expect(main(SENTRY, `${WORK}run().catch(console.error);\n`)).toMatchObject({
      shape: "swallowed-entry",
      level: "review",
      text: `${WORK}run().catch((error) => {
  console.error(error);
  Sentry.captureException(error);
  process.exitCode = 1;
});
`,
    });
  });

  it("waits before the exit that is there", () => {
    const text = `${WORK}run().catch((err) => {\n  console.error(err);\n  process.exit(2);\n});\n`;
    expect(main(SENTRY, text)).toMatchObject({
      level: "safe",
      text: `${WORK}run().catch(async (err) => {
  console.error(err);
  Sentry.captureException(err);
  await Sentry.flush(2000);
  process.exit(2);
});
`,
    });
  });

  it("keeps the exit code that it sets", () => {
    const text = `${WORK}run().catch((err) => {\n  console.error(err);\n  process.exitCode = 3;\n});\n`;
    expect(main(SENTRY, text)).toMatchObject({
      level: "safe",
      text: `${WORK}run().catch((err) => {\n  console.error(err);\n  Sentry.captureException(err);\n  process.exitCode = 3;\n});\n`,
    });
  });

  it("writes a body on one line anew", () => {
    const text = `${WORK}run().catch((e) => { console.error(e); process.exit(1); });\n`;
    expect(main(SENTRY, text).text).toBe(
      `${WORK}run().catch(async (e) => {\n  console.error(e);\n  Sentry.captureException(e);\n  await Sentry.flush(2000);\n  process.exit(1);\n});\n`,
    );
  });

  it("takes the error where it had no name", () => {
    expect(main(SENTRY, `${WORK}run().catch(() => {});\n`).text).toBe(
      `${WORK}run().catch((error) => {\n  Sentry.captureException(error);\n  process.exitCode = 1;\n});\n`,
    );
    expect(main(SENTRY, `${WORK}run().catch((_e) => undefined);\n`).text).toBe(
      `${WORK}run().catch((error) => {\n  Sentry.captureException(error);\n  process.exitCode = 1;\n});\n`,
    );
  });

  it("completes a function that ends the process, where it stands", () => {
    const made = main(
      SENTRY,
      `import { fail } from "./fail.ts";\n${WORK}run().catch(fail);\n`,
      {
        "fail.ts":
          'export function fail(error: unknown): never {\n  console.error("failed", error);\n  process.exit(1);\n}\n',
      },
      "main.ts",
    );
    expect(made.level).toBe("review");
    expect(made.files["fail.ts"]).toBe(`import * as Sentry from "@sentry/node";

export async function fail(error: unknown): Promise<never> {
  console.error("failed", error);
  Sentry.captureException(error);
  await Sentry.flush(2000);
  process.exit(1);
}
`);
  });

  it("tells by the program's own function", () => {
    const sentry = `${SENTRY}export function reportError(error) {\n  Sentry.captureException(error);\n}\n`;
    const text = `import "./sentry.js";\n${WORK}run().catch((err) => console.log(err));\n`;
    const made = main("", text, { "sentry.js": sentry });
    expect(made.text).toContain('import { reportError } from "./sentry.js";\n');
    expect(made.text).toContain("  console.log(err);\n  reportError(err);\n  process.exitCode = 1;\n");
  });

  it("waits for the program's own function, and ends as Deno does", () => {
    const sentry = `${SENTRY}export async function reportError(error) {\n  Sentry.captureException(error);\n  await Sentry.flush(2000);\n}\n`;
    const text = `import { reportError } from "./sentry.js";\nconst [name] = Deno.args;\nif (!name) Deno.exit();\nconst see = reportError;\n${WORK}run().catch((err) => console.log(err, see));\n`;
    const made = main("", text, { "sentry.js": sentry });
    expect(made.text).toContain(
      "run().catch(async (err) => {\n  console.log(err, see);\n  await reportError(err);\n  Deno.exitCode = 1;\n});\n",
    );
  });

  it("takes one name more of a package that it takes by name", () => {
    const head = `import { captureMessage, init } from "@sentry/node";\n\ninit({ dsn: process.env.DSN });\ncaptureMessage("started");\n`;
    expect(main(head, `${WORK}run().catch(console.error);\n`).text).toContain(
      'import { captureException, captureMessage, init } from "@sentry/node";\n',
    );
  });

  it("names a handle that was dropped", () => {
    const head = 'import Rollbar from "rollbar";\n\nnew Rollbar({ accessToken: process.env.TOKEN });\n';
    const made = main(head, `${WORK}run().catch((err) => console.log(err));\n`);
    expect(made.text).toContain("const client = new Rollbar({");
    expect(made.text).toContain("  client.error(err);\n");
  });

  it("is completed as the clause around a whole body", () => {
    const text = `async function run() {\n  try {\n    await fetch("https://example.test");\n  } catch {\n    console.error("failed");\n  }\n}\nrun();\n`;
    expect(main(SENTRY, text)).toMatchObject({
      shape: "zombie",
      level: "review",
      text: text.replace(
        '  } catch {\n    console.error("failed");\n',
        '  } catch (error) {\n    console.error("failed");\n    Sentry.captureException(error);\n    process.exitCode = 1;\n',
      ),
    });
  });

  it("ends a service that OpenTelemetry is closed for", () => {
    const made = main(TRACED + SERVER, `${WORK}run().catch((error) => console.error(error));\n`);
    expect(made.level).toBe("review");
    expect(made.text).toContain("  console.error(error);\n  const span");
    expect(made.text).toContain("  await sdk.shutdown().catch(console.error);\n  process.exit(1);\n});\n");
  });
});
