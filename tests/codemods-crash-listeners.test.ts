import { describe, expect, it } from "vitest";
import { repairRequireCrashCapture } from "../codemods/require-crash-capture.js";
import { requireCrashCapture } from "../rules/require-crash-capture.js";
import { applyEdits } from "../src/cli/apply/edits.js";
import { Project, telemetrySpecifiers } from "../src/program/project.js";
import { project as indexOf } from "./support/program-index-tree.js";
import { repaired, main, SENTRY, TRACED, ROLLBAR, SERVER } from "./support/crash-repairs.js";

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
