import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { CaseRun } from "../src/prove/caseFile.js";
import { proveCommand } from "../src/prove/command.js";
import { proveCase } from "../src/prove/prove.js";

const programs = join(import.meta.dirname, "prove-programs");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function written(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "prove-reports-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Sends one JSON body to each path. */
async function received(...requests: [path: string, body: unknown][]) {
  const args = requests.flatMap(([path, body]) => [path, "application/json", JSON.stringify(body)]);
  const report = await proveCommand([process.execPath, join(programs, "posts.mjs"), ...args], {
    deadlineMillis: 20_000,
  });
  expect(report.notes).toEqual([]);
  return report.received.map(({ receiver, signal, names }) => [
    receiver,
    signal,
    ...names.map((n) => n.name),
  ]);
}

const attributes = (values: Record<string, string>) =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));

describe("a report of an error", () => {
  it("is read from an item of Rollbar, its message where there is no error", async () => {
    const trace = (message: string) => ({ exception: { class: "TypeError", message } });
    expect(
      await received(
        ["/api/1/item/", { data: { body: { trace: trace("alone") } } }],
        ["/api/1/item/", { data: { body: { trace_chain: [trace("last"), trace("its cause")] } } }],
        ["/api/1/item/", { data: { body: { message: { body: "deployed" } } } }],
      ),
    ).toEqual([
      ["rollbar", "exceptions", "alone", "last"],
      ["rollbar", "events", "deployed"],
    ]);
  });

  it("is read from an event of Bugsnag, and told from a session", async () => {
    const startedAt = "2026-11-21T08:00:00.000Z";
    expect(
      await received(
        ["/bugsnag/notify", { events: [{ exceptions: [{ message: "last" }, { message: "its cause" }] }] }],
        ["/bugsnag/notify", { events: [{ exceptions: [{ errorClass: "TypeError", message: "" }] }] }],
        ["/bugsnag/sessions", { sessionCounts: [{ startedAt, sessionsStarted: 1 }] }],
      ),
    ).toEqual([
      ["bugsnag", "exceptions", "last", "TypeError"],
      ["bugsnag", "sessions", startedAt],
    ]);
  });

  it("is read from spans and log records of OTLP", async () => {
    const event = { name: "exception", attributes: attributes({ "exception.message": "on a span" }) };
    const spans = [{ name: "job", events: [{ name: "retry" }, event] }];
    const failed = {
      body: { stringValue: "crashed" },
      attributes: attributes({ "exception.type": "RangeError" }),
    };
    const logRecords = [failed, { body: { stringValue: "started" }, attributes: attributes({ host: "a" }) }];
    expect(
      await received(
        ["/v1/traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] }],
        ["/v1/logs", { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }],
      ),
    ).toEqual([
      ["otlp-http-json", "spans", "job"],
      ["otlp-http-json", "exceptions", "on a span", "RangeError"],
      ["otlp-http-json", "logRecords", "crashed", "started"],
    ]);
  });

  it("that came within a span makes up for no other loss", async () => {
    const program = `import { SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK({ serviceName: "orders", metricReaders: [], logRecordProcessors: [] });
sdk.start();
const span = trace.getTracer("orders").startSpan("job");
span.recordException(new Error("disk is full"));
span.setStatus({ code: SpanStatusCode.ERROR });
span.end();
await sdk.shutdown();
console.log("recorded 2");
`;
    const cache = join(programs, "../../node_modules/.cache");
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, "prove-reports-"));
    folders.push(folder);
    writeFileSync(join(folder, "main.mjs"), program);
    const report = await proveCommand([process.execPath, join(folder, "main.mjs")], {
      receivers: ["otlp-http-protobuf"],
    });
    expect(report.received.map(({ signal, names }) => [signal, names[0]?.name])).toEqual([
      ["spans", "job"],
      ["exceptions", "disk is full"],
    ]);
    expect(report).toMatchObject({ verdict: "lost", lost: { total: 1 } });
  });
});

const send = `await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: "work" }] }] }] }),
});
`;

function proofOf(files: Record<string, string>, run: Partial<CaseRun>) {
  return proveCase({
    name: "case",
    title: "",
    distilledFrom: "",
    kind: "bad",
    expect: [],
    directory: written(files),
    run: {
      command: [process.execPath, "main.mjs"],
      scenario: "natural-end",
      receiver: "otlp-http-json",
      expected: { spans: ["work"] },
      exitCode: 1,
      signal: null,
      deadlineMillis: 1500,
      ...run,
    },
  });
}

describe("a repair that changes the exit code", () => {
  const after = `${send}process.exitCode = 1;\n`;

  it("holds when the program ended before as it is said to", async () => {
    const lied = { "before/main.mjs": "", "after/main.mjs": after };
    expect((await proofOf(lied, { exitCodeBefore: 0 })).failures).toEqual([]);
    const lived = { "before/main.mjs": "setInterval(() => {}, 99);", "after/main.mjs": after };
    expect((await proofOf(lived, { exitCodeBefore: null })).failures).toEqual([]);
  });

  it("fails when the program ended otherwise", async () => {
    const files = { "before/main.mjs": "process.exitCode = 3;", "after/main.mjs": after };
    expect((await proofOf(files, { exitCodeBefore: 0 })).failures).toEqual([
      "before: ended with exit code 3, where it should have ended with exit code 0",
    ]);
    expect((await proofOf(files, { exitCodeBefore: null })).failures).toEqual([
      "before: ended with exit code 3, where it should have lived on",
    ]);
  });
});

describe("a program that brings a package", () => {
  it("runs with that, and with those of the folder above it", async () => {
    const files = {
      "node_modules/given/index.mjs": 'export const name = "above";',
      "node_modules/given/package.json": '{ "exports": "./index.mjs" }',
      "node_modules/other/index.mjs": 'export const name = "work";',
      "node_modules/other/package.json": '{ "exports": "./index.mjs" }',
      "before/main.mjs": "",
      "before/node_modules/given/index.mjs": 'export const name = "wo";',
      "before/node_modules/given/package.json": '{ "exports": "./index.mjs" }',
      "after/main.mjs": `import { name } from "given";
import { name as whole } from "other";
${send.replace('"work"', "name + whole.slice(2)")}process.exitCode = 0;
`,
    };
    expect((await proofOf(files, { exitCode: 0 })).failures).toEqual([]);
  });
});
