import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyEdits } from "../src/cli/apply/edits.js";
import { Workspace } from "../src/workspace.js";

const home = path.resolve(import.meta.dirname, "..");

let collector: Server;
let received = "";

beforeAll(async () => {
  collector = createServer((request, response) => {
    request.on("data", (part: Buffer) => (received += part.toString("latin1")));
    request.on("end", () => response.setHeader("content-type", "application/json").end("{}"));
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
});
afterAll(() => {
  collector.close();
});

/** A server that answers one request, which it sends itself, and then ends. */
const asksItself = `const server = app.listen(0, async () => {
  await fetch(\`http://127.0.0.1:\${server.address().port}/hello\`);
  await sdk.shutdown();
  server.close();
});
`;

const setUp = (framework: "Express" | "Koa"): string => `// what traces this service
const instrumentations = [new HttpInstrumentation(), new ${framework}Instrumentation()];
const sdk = new NodeSDK({ serviceName: "orders", instrumentations });
sdk.start();
`;

const express = `const app = express();
app.get("/hello", (request, response) => response.send("ok"));
`;
const koa = `const app = new Koa();
app.use(async function greeting(context) {
  context.body = "ok";
});
`;

/** A repository of one program. */
function repository(manifest: object, files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-instrumentation-")));
  mkdirSync(path.join(root, "src"));
  for (const [name, text] of Object.entries({ ...files, "package.json": JSON.stringify(manifest) }))
    writeFileSync(path.join(root, name), text);
  symlinkSync(path.join(home, "node_modules"), path.join(root, "node_modules"));
  return root;
}

/** Runs what the start script says, and gives the names of the libraries whose spans arrived. */
async function traced(root: string): Promise<string[]> {
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  const [program = "", ...args] = scripts.start.split(" ");
  received = "";
  const { port } = collector.address() as AddressInfo;
  const env = {
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    NODE_OPTIONS: "",
  };
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] });
  expect(await once(child, "exit")).toEqual([0, null]);
  return ["http", "express", "koa"].filter((name) =>
    received.includes(`@opentelemetry/instrumentation-${name}`),
  );
}

/** Applies what the rule offers, and says which files that touched. */
function repair(root: string): string[] {
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["instrument-first"] });
  const edits = workspace.analyse().findings.flatMap((finding) => workspace.repair(finding)?.edits ?? []);
  const files = [...new Set(edits.map((edit) => edit.file))];
  for (const file of files)
    writeFileSync(
      path.join(root, file),
      applyEdits(
        workspace.read(file) ?? "",
        edits.filter((edit) => edit.file === file),
      ),
    );
  return files.sort();
}

const dependencies = {
  "@opentelemetry/instrumentation": "0.223.0",
  "@opentelemetry/instrumentation-express": "^0.70.0",
  "@opentelemetry/instrumentation-http": "0.223.0",
  "@opentelemetry/instrumentation-koa": "^0.70.0",
  "@opentelemetry/sdk-node": "0.223.0",
};

describe("spans of what is loaded arrive after the repair", () => {
  it("of a set-up in CommonJS, moved into a file that is required first", async () => {
    const root = repository(
      {
        name: "orders",
        private: true,
        scripts: { start: "node src/server.js" },
        dependencies: { ...dependencies, express: "^5.0.0" },
      },
      {
        "src/server.js": `const express = require("express");
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { ExpressInstrumentation } = require("@opentelemetry/instrumentation-express");

${setUp("Express")}
${express}${asksItself}`,
      },
    );
    expect(await traced(root)).toEqual([]);
    expect(repair(root)).toEqual(["src/instrumentation.js", "src/server.js"]);
    expect(await traced(root)).toEqual(["http", "express"]);
    rmSync(root, { recursive: true });
  }, 60_000);

  it("of a set-up in an ES module, moved into a file that is preloaded with its hook", async () => {
    const root = repository(
      {
        name: "orders",
        private: true,
        type: "module",
        scripts: { start: "node src/server.js" },
        dependencies: { ...dependencies, koa: "^3.0.0" },
      },
      {
        "src/server.js": `import Koa from "koa";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { KoaInstrumentation } from "@opentelemetry/instrumentation-koa";

${setUp("Koa")}
${koa}${asksItself}`,
      },
    );
    expect(await traced(root)).not.toContain("koa");
    expect(repair(root)).toEqual(["package.json", "src/instrumentation.js", "src/server.js"]);
    expect(await traced(root)).toEqual(["http", "koa"]);
    rmSync(root, { recursive: true });
  }, 60_000);

  it("of a file that an ES module imported too late, by a preload with its hook", async () => {
    const root = repository(
      {
        name: "orders",
        private: true,
        type: "module",
        scripts: { start: "node src/server.js" },
        dependencies: { ...dependencies, koa: "^3.0.0" },
      },
      {
        "src/tracing.js": `import { NodeSDK } from "@opentelemetry/sdk-node";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { KoaInstrumentation } from "@opentelemetry/instrumentation-koa";

${setUp("Koa").replace("const sdk", "export const sdk")}`,
        "src/server.js": `import Koa from "koa";
import { sdk } from "./tracing.js";

${koa}${asksItself}`,
      },
    );
    expect(await traced(root)).not.toContain("koa");
    expect(repair(root)).toEqual(["package.json", "src/tracing.js"]);
    expect(await traced(root)).toEqual(["http", "koa"]);
    rmSync(root, { recursive: true });
  }, 60_000);
});
