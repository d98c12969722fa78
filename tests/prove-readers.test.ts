import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { applyEdits } from "../src/cli/apply/edits.js";
import { Workspace } from "../src/workspace.js";

const packages = path.join(import.meta.dirname, "../node_modules");
const ofOld: Readonly<Record<string, string>> = {
  "sdk-metrics": "otel-1-29-sdk-metrics",
  "exporter-metrics-otlp-http": "otel-1-29-exporter-metrics-otlp-http",
};
const ofToday = ["sdk-metrics", "exporter-metrics-otlp-http"];

/** How many requests say that the orders were counted. */
let counted = 0;
const collector = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += String(chunk)));
  request.on("end", () => {
    if (request.url === "/v1/metrics" && body.includes('"name":"orders"')) counted += 1;
    response.end("{}");
  });
});

beforeAll(async () => {
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
});

afterAll(() => {
  collector.close();
  collector.closeAllConnections();
});

const main = `import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";

const provider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
});
provider.getMeter("job").createCounter("orders").add(1);
await provider.shutdown();
`;

function programOf(isOld: boolean): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-readers-")));
  const versions = isOld ? ["1.29.0", "0.56.0"] : ["^2.12.0", "^0.223.0"];
  const dependencies = Object.fromEntries(
    ofToday.map((name, index) => [`@opentelemetry/${name}`, versions[index]]),
  );
  writeFileSync(
    path.join(root, "package.json"),
    JSON.stringify({
      name: "job",
      private: true,
      type: "module",
      scripts: { start: "node main.mjs" },
      dependencies,
    }),
  );
  writeFileSync(path.join(root, "main.mjs"), main);
  const scope = path.join(root, "node_modules/@opentelemetry");
  mkdirSync(scope, { recursive: true });
  for (const name of ofToday) {
    const target = isOld ? (ofOld[name] ?? name) : `@opentelemetry/${name}`;
    symlinkSync(path.join(packages, target), path.join(scope, name), "junction");
  }
  return root;
}

async function run(root: string, text: string): Promise<number> {
  counted = 0;
  writeFileSync(path.join(root, "running.mjs"), text);
  const port = String((collector.address() as AddressInfo).port);
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
  const child = spawn(process.execPath, ["running.mjs"], { cwd: root, env, stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await once(child, "exit");
  clearTimeout(timer);
  return counted;
}

it("a reader of 1.29 is closed with what it has counted, and flushed after the repair", async () => {
  const root = programOf(true);
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["safe-processor-config"] });
  const { findings } = workspace.analyse();
  expect(findings.map((finding) => finding.check)).toEqual(["reader-shutdown"]);
  const repairs = findings.flatMap((finding) => workspace.repair(finding)?.edits ?? []);
  expect(await run(root, main)).toBe(0);
  expect(await run(root, applyEdits(main, repairs))).toBe(1);
  rmSync(root, { recursive: true });
}, 60_000);

it("a reader of version 2 collects when it is closed, and is not reported", async () => {
  const root = programOf(false);
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["safe-processor-config"] });
  expect(workspace.analyse().findings).toEqual([]);
  expect(await run(root, main)).toBe(1);
  rmSync(root, { recursive: true });
}, 60_000);
