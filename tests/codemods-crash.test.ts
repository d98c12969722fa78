import { describe, expect, it } from "vitest";
import { repairRequireCrashCapture } from "../codemods/require-crash-capture.js";
import { requireCrashCapture } from "../rules/require-crash-capture.js";
import { applyEdits } from "../src/cli/apply/edits.js";
import { faultsOf } from "../src/cli/apply/syntax.js";
import type { FixLevel } from "../src/finding.js";
import type { CrashLoss } from "../src/program/details.js";
import { Project, telemetrySpecifiers } from "../src/program/project.js";
import { project as indexOf, type Files } from "./support/program-index-tree.js";

interface Repaired {
  shape: CrashLoss["shape"] | undefined;
  level: FixLevel;
  files: Record<string, string>;
}

/** Repairs the first report of a small program, and sees to it that nothing is left to say at its place. */
function repaired(files: Files): Repaired {
  const index = indexOf(files, { telemetrySpecifiers });
  const project = new Project(index);
  const reports = requireCrashCapture.check(project, { strict: false });
  const [report] = reports;
  if (!report) throw new Error("nothing is reported");
  const shape = report.details?.kind === "crash-loss" ? report.details.shape : undefined;
  const repair = repairRequireCrashCapture(report, project);
  if (!repair) return { shape, level: null, files: {} };
  const changed: Record<string, string> = {};
  for (const file of new Set(repair.edits.map((edit) => edit.file))) {
    const edits = repair.edits.filter((edit) => edit.file === file);
    const text = applyEdits(index.read(file) ?? "", edits);
    expect(faultsOf(file, text)).toEqual([]);
    index.overlay(file, text);
    changed[file] = text;
  }
  const left = requireCrashCapture.check(new Project(index), { strict: false });
  expect(left.length).toBeLessThan(reports.length);
  return { shape, level: repair.level, files: changed };
}

/** A program whose entry is `main.<ext>`, and what its repair makes of that file below a set-up. */
function main(head: string, text: string, more: Files = {}, file = "main.js"): Repaired & { text: string } {
  const made = repaired({
    "package.json": { name: "app", type: "module", scripts: { start: `node ${file}` } },
    [file]: head + text,
    ...more,
  });
  const after = made.files[file] ?? "";
  return { ...made, text: after.startsWith(head) ? after.slice(head.length) : after };
}

const SENTRY = `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.DSN });

`;
const SDK = `import { NodeSDK } from "@opentelemetry/sdk-node";

export const sdk = new NodeSDK();
sdk.start();
process.once("beforeExit", () => void sdk.shutdown().catch(console.error));

`;
const TRACED = `import { SpanStatusCode, trace } from "@opentelemetry/api";
${SDK}const tracer = trace.getTracer("jobs");

`;
const ROLLBAR = `import Rollbar from "rollbar";

const rollbar = new Rollbar({ accessToken: process.env.TOKEN });

`;
const WORK = `async function run() {
  await fetch("https://example.test");
}
`;
const SERVER = `import { createServer } from "node:http";
createServer().listen(80);
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

describe("a crash listener", () => {
  it("tells, sends and ends, once", () => {
    const text = `process.on("uncaughtException", (error) => {\n  console.error("uncaught", error);\n});\n`;
    expect(main(TRACED + SERVER, text)).toMatchObject({
      shape: "listener-swallows",
      level: "review",
      text: `process.once("uncaughtException", async (error) => {
  console.error("uncaught", error);
  const span = tracer.startSpan("uncaughtException");
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  await sdk.shutdown().catch(console.error);
  process.exit(1);
});
`,
    });
  });

  it("is completed where it stands, for every event that it hears", () => {
    const text = `function onCrash(error) {\n  console.error(error);\n}\nprocess.on("uncaughtException", onCrash);\nprocess.on("unhandledRejection", onCrash);\n`;
    const made = main(TRACED + SERVER, text);
    expect(made.text).toContain("async function onCrash(error) {\n  console.error(error);\n  const span");
    expect(made.text).toContain(
      'process.once("uncaughtException", onCrash);\nprocess.once("unhandledRejection", onCrash);\n',
    );
  });

  it("is left to others who call it", () => {
    const text = `function log(error) {\n  console.error(error);\n}\nlog("starts");\nprocess.on("uncaughtException", log);\n`;
    const made = main(TRACED + SERVER, text);
    expect(made.text).toContain("function log(error) {\n  console.error(error);\n}\n");
    expect(made.text).toContain('process.once("uncaughtException", async (error) => {\n  log(error);\n');
  });

  it("sees an unknown reason as TypeScript does", () => {
    const text = `process.on("unhandledRejection", (reason) => {\n  console.error(reason);\n});\n`;
    const made = main(TRACED + SERVER, text, {}, "main.ts");
    expect(made.text).toContain("span.recordException(reason as Error);");
  });

  it("leaves the monitor for an event that waits", () => {
    const text = `process.on("uncaughtExceptionMonitor", (error) => {\n  rollbar.critical(error);\n});\n`;
    const made = main(ROLLBAR + SERVER, text);
    expect(made).toMatchObject({ shape: "monitor", level: "review" });
    expect(made.text).toBe(`process.once("uncaughtException", async (error) => {
  console.error(error);
  rollbar.critical(error);
  await Promise.race([
    new Promise((resolve) => rollbar.wait(() => resolve(undefined))),
    new Promise((resolve) => setTimeout(resolve, 2000).unref()),
  ]);
  process.exit(1);
});
`);
  });

  it("waits for a report that calls back", () => {
    const head = `import Bugsnag from "@bugsnag/js";\n\nBugsnag.start({ apiKey: "x", autoDetectErrors: false });\n${SERVER}`;
    const text = `process.on("uncaughtExceptionMonitor", (error) => {\n  console.error(error);\n  Bugsnag.notify(error);\n});\n`;
    const index = indexOf(
      { "package.json": { type: "module", scripts: { start: "node main.js" } }, "main.js": head + text },
      { telemetrySpecifiers },
    );
    const project = new Project(index);
    const report = requireCrashCapture
      .check(project, { strict: false })
      .find(({ details }) => details?.kind === "crash-loss" && details.shape === "monitor");
    const edits = (report && repairRequireCrashCapture(report, project)?.edits) ?? [];
    expect(applyEdits(head + text, edits).slice(head.length))
      .toBe(`process.once("uncaughtException", async (error) => {
  console.error(error);
  await Promise.race([
    new Promise((resolve) => Bugsnag.notify(error, undefined, resolve)),
    new Promise((resolve) => setTimeout(resolve, 2000).unref()),
  ]);
  process.exit(1);
});
`);
  });

  it("takes the error from close-with-grace", () => {
    const head = `import closeWithGrace from "close-with-grace";\n${ROLLBAR}${SERVER}`;
    const text = `closeWithGrace(async () => {\n  await new Promise((resolve) => rollbar.wait(resolve));\n});\n`;
    expect(main(head, text)).toMatchObject({
      shape: "owner-ignores",
      level: "review",
      text: `closeWithGrace(async ({ err }) => {\n  if (err) rollbar.error(err);\n  await new Promise((resolve) => rollbar.wait(resolve));\n});\n`,
    });
  });
});

describe("an option", () => {
  it("ends the process after the report", () => {
    const head = 'import Rollbar from "rollbar";\n\n';
    const text = `new Rollbar({ accessToken: "x", captureUncaught: true });\n${SERVER}`;
    expect(main(head, text)).toMatchObject({
      shape: "option",
      level: "review",
      text: text.replace("captureUncaught: true", "captureUncaught: true, exitOnUncaughtException: true"),
    });
  });

  it("goes where it makes the SDK deaf", () => {
    const head = 'import * as Sentry from "@sentry/node";\n\n';
    const text = (option: string): string =>
      `Sentry.init({\n  dsn: process.env.DSN,\n${option}  release: "1",\n});\n${SERVER}`;
    const made = main(head, text("  defaultIntegrations: false,\n"));
    expect(made).toMatchObject({ shape: "option", level: "review", text: text("") });
  });
});

describe("what leaves crash integrations out", () => {
  const head = 'import * as Sentry from "@sentry/node";\n\n';
  const text = (option: string): string => `Sentry.init({\n  dsn: process.env.DSN,\n${option}});\n${SERVER}`;

  it("becomes a list that is added to the defaults", () => {
    const made = main(head, text("  integrations: () => [Sentry.httpIntegration()],\n"));
    expect(made.text).toBe(text("  integrations: [Sentry.httpIntegration()],\n"));
  });

  it("goes where it does nothing else", () => {
    const option = '  integrations: (all) => all.filter((i) => i.name !== "OnUncaughtException"),\n';
    expect(main(head, text(option)).text).toBe(text(""));
  });
});

describe("a capture", () => {
  it("is made beside the breadcrumb", () => {
    const text = `function read(text) {\n  try {\n    return JSON.parse(text);\n  } catch (error) {\n    Sentry.addBreadcrumb({ message: "failed" });\n    console.error(error);\n  }\n}\nconsole.log(read(process.argv[2]));\n`;
    const made = main(SENTRY, text);
    expect(made).toMatchObject({ shape: "breadcrumb", level: "review" });
    expect(made.text).toContain(
      '    Sentry.addBreadcrumb({ message: "failed" });\n    Sentry.captureException(error);\n',
    );
  });

  it("comes after a start that needs nothing of it", () => {
    const head = 'import * as Sentry from "@sentry/node";\nimport { readFileSync } from "node:fs";\n';
    const capture = `try {\n  readFileSync("settings.json");\n} catch (error) {\n  Sentry.captureException(error);\n}\n`;
    const made = main(head, `${capture}Sentry.init({ dsn: process.env.DSN });\n`);
    expect(made).toMatchObject({ shape: "before-init", level: "review" });
    expect(made.text).toBe(`Sentry.init({ dsn: process.env.DSN });\n\n${capture}`);
  });

  it("gets the project's own start in a process that has none", () => {
    const made = repaired({
      "package.json": { type: "module", scripts: { start: "node main.js", fill: "node scripts/fill.js" } },
      "instrument.js": SENTRY,
      "main.js": `import "./instrument.js";\n${SERVER}`,
      "scripts/fill.js": `import { readFileSync } from "node:fs";\nimport * as Sentry from "@sentry/node";\n\ntry {\n  readFileSync("pages.json");\n} catch (error) {\n  Sentry.captureException(error);\n}\n`,
    });
    expect(made).toMatchObject({ shape: "no-init", level: "review" });
    expect(made.files["scripts/fill.js"]).toMatch(
      /^import "\.\.\/instrument\.js";\nimport \{ readFileSync \}/,
    );
  });

  it("stays where the start uses what is made in between", () => {
    const head = 'import * as Sentry from "@sentry/node";\nimport { readFileSync } from "node:fs";\n';
    const text = `let settings;\ntry {\n  settings = JSON.parse(readFileSync("settings.json", "utf8"));\n} catch (error) {\n  Sentry.captureException(error);\n}\nSentry.init({ dsn: settings.dsn });\n`;
    expect(main(head, text)).toMatchObject({ shape: "before-init", level: null });
  });
});
