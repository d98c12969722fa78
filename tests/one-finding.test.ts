import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Workspace } from "../src/workspace.js";

/** Rule and line of what is found in a program of one file. */
function found(text: string): string[] {
  const root = mkdtempSync(path.join(tmpdir(), "one-finding-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  writeFileSync(path.join(root, "main.mjs"), text);
  return Workspace.open({ root, cacheDir: false })
    .analyse()
    .findings.map((f) => `${f.rule}:${String(f.line)}`);
}

const crash = (last: string): string => `import { createServer } from 'node:http';
import { PostHog } from 'posthog-node';

const posthog = new PostHog(process.env.KEY);
const server = createServer((req, res) => {
  posthog.capture({ distinctId: 'me', event: 'asked' });
  res.end();
}).listen(3000);

process.on('uncaughtException', async (error) => {
  console.error(error);
  server.close(() => process.exit(1));
${last}
});
process.on('SIGTERM', () => posthog.shutdown().finally(() => process.exit(0)));
`;

const sdk = (settings: string): string => `import { createServer } from 'node:http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

const traceExporter = new OTLPTraceExporter();
new NodeSDK({ ${settings} }).start();

const port = await fetch('http://settings.internal/port').catch(() => process.exit(1));
createServer((req, res) => res.end()).listen(Number(await port.text()));
`;

// the repair of the one brings the other to light, so that these are no fixtures
describe("one bug, one finding", () => {
  it("is the exit that ends the process, and not the callback that comes too late", () => {
    expect(found(crash("  process.exit(2);"))).toEqual(["no-exit-before-flush:13"]);
  });

  it("is both exits where something is waited for between them", () => {
    expect(found(crash("  await fetch('http://ops.internal');\n  process.exit(2);"))).toEqual([
      "no-exit-before-flush:12",
      "no-exit-before-flush:14",
    ]);
  });

  it("is the list that takes the exporter's place, and not the exit or the end that loses nothing then", () => {
    expect(found(sdk("traceExporter, spanProcessors: []"))).toEqual(["no-dropped-interceptor:6"]);
    expect(found(sdk("traceExporter"))).toEqual(["require-shutdown:6", "no-exit-before-flush:8"]);
  });
});
