import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Workspace } from "../src/workspace.js";

const otel = `import { getNodeAutoInstrumentations } from "@opentelemetry/auto-instrumentations-node";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
sdk.start();
`;
const sentry = `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 });
`;
const server = (name: string): string =>
  `import web from "${name}";\n\nconst app = new web();\napp.listen(3000);\n`;

interface Case {
  start: string;
  scripts?: Record<string, string>;
  telemetry?: string;
  web?: string;
  first?: boolean;
  type?: string;
  dependencies?: Record<string, string>;
}

/** The places that the check reports in a program of two files. */
function reported({
  start,
  scripts,
  telemetry = otel,
  web = "koa",
  first = true,
  type = "module",
  dependencies,
}: Case): string[] {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-hook-")));
  const manifest = { name: "web", private: true, type, scripts: { start, ...scripts }, dependencies };
  mkdirSync(path.join(root, "src"));
  writeFileSync(path.join(root, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(root, "src/telemetry.js"), telemetry);
  writeFileSync(path.join(root, "src/server.js"), (first ? 'import "./telemetry.js";\n' : "") + server(web));
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["instrument-first"] });
  const { findings } = workspace.analyse();
  rmSync(root, { recursive: true });
  return findings.map(({ check, file, line }) => `${check ?? ""} ${file}:${String(line)}`);
}

const plain = "node src/server.js";
const sdk10 = { "@sentry/node": "^10.0.0" };

describe("ES modules without a hook of the loader are reported", () => {
  it.each<[string, Case, string]>([
    ["tracing is the first import", { start: plain }, "esm-hook src/telemetry.js:5"],
    [
      "tracing is preloaded",
      { start: "node --import ./src/telemetry.js src/server.js", first: false },
      "esm-hook src/telemetry.js:5",
    ],
    [
      "express 4",
      { start: plain, web: "express", dependencies: { express: "^4.21.0" } },
      "esm-hook src/telemetry.js:5",
    ],
    [
      "Sentry is the first import",
      { start: plain, web: "express", telemetry: sentry, dependencies: sdk10 },
      "esm-hook src/telemetry.js:3",
    ],
  ])("%s", (_, program, place) => {
    expect(reported(program)).toEqual([place]);
  });
});

describe("what is patched all the same is not", () => {
  it.each<[string, Case]>([
    [
      "the hook is the loader",
      { start: "node --experimental-loader=@opentelemetry/instrumentation/hook.mjs src/server.js" },
    ],
    [
      "the preload registers the hook",
      {
        start: "node --import ./src/telemetry.js src/server.js",
        first: false,
        telemetry: `import { register } from "node:module";\n${otel}register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);\n`,
      },
    ],
    ["CommonJS", { start: plain, type: "commonjs" }],
    [
      "the router of express 5 is required",
      { start: plain, web: "express", dependencies: { express: "^5.1.0" } },
    ],
    ["pg is patched in files of its own", { start: plain, web: "pg" }],
    ["a bundler writes the program", { start: plain, scripts: { build: "esbuild src/server.js --bundle" } }],
    ["tsx runs it", { start: "tsx src/server.js" }],
    [
      "Sentry is preloaded",
      {
        start: "node --import ./src/telemetry.js src/server.js",
        first: false,
        web: "express",
        telemetry: sentry,
        dependencies: sdk10,
      },
    ],
    [
      "Sentry 7 patches nothing",
      { start: plain, web: "express", telemetry: sentry, dependencies: { "@sentry/node": "^7.100.0" } },
    ],
    [
      "Sentry is told to send nothing",
      {
        start: plain,
        web: "express",
        telemetry: sentry.replace("process.env.SENTRY_DSN", '""'),
        dependencies: sdk10,
      },
    ],
    ["no version of Sentry is asked for", { start: plain, web: "express", telemetry: sentry }],
  ])("%s", (_, program) => {
    expect(reported(program)).toEqual([]);
  });
});
