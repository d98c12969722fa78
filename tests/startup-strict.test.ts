import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Workspace } from "../src/workspace.js";

/** The checks that speak of a service with one exporter and no compose file, by default and when strict is asked for. */
function told(kind: string, version: string, options: string): { usual: string[]; strict: string[] } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "startup-strict-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const name = `@opentelemetry/exporter-trace-otlp-${kind}`;
  writeFileSync(
    join(root, "server.js"),
    `import { createServer } from "node:http";
import { OTLPTraceExporter } from "${name}";
import { NodeSDK } from "@opentelemetry/sdk-node";

new NodeSDK({ traceExporter: new OTLPTraceExporter(${options}) }).start();
createServer((request, response) => response.end("ok")).listen(0);
`,
  );
  const manifest = { name: "orders", private: true, type: "module", dependencies: { [name]: version } };
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ ...manifest, scripts: { start: "node server.js" } }),
  );
  const checks = (strict: boolean): string[] =>
    Workspace.open({ root, cacheDir: false, rules: ["no-startup-loss"], strict })
      .analyse()
      .findings.map((f) => f.check ?? "");
  return { usual: checks(false), strict: checks(true) };
}

describe("an exporter whose collector is not shown", () => {
  it.each([
    ["gRPC", "grpc", "^0.214.0", "", ["no-retry"]],
    ["HTTP of 0.208", "http", "~0.208.0", "", ["no-retry"]],
    ["HTTP of 0.209", "http", "0.209.0", "", []],
    ["a range that says nothing", "http", ">=0.50.0", "", []],
    ["700 ms", "http", "^0.214.0", "{ timeoutMillis: 700 }", ["timeout-below-retry"]],
    ["15 seconds", "http", "^0.214.0", "{ timeoutMillis: 15_000 }", []],
    ["a host in the internet", "http", "^0.57.0", '{ url: "https://otel.example.com/v1/traces" }', []],
    [
      "a host of the cluster",
      "http",
      "^0.57.0",
      '{ url: "http://otel.ops.svc:4318/v1/traces" }',
      ["no-retry"],
    ],
  ])("is told of in strict alone: %s", (_, kind, version, options, strict) => {
    expect(told(kind, version, options)).toEqual({ usual: [], strict });
  });
});
