import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { Workspace } from "../src/workspace.js";

const root = mkdtempSync(path.join(tmpdir(), "strict-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

writeFileSync(
  path.join(root, "server.js"),
  `import { createServer } from 'node:http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { PostHog } from 'posthog-node';

const sdk = new NodeSDK();
sdk.start();
const posthog = new PostHog('phc_two');

const server = createServer((req, res) => {
  posthog.capture({ distinctId: 'api', event: 'asked' });
  res.end();
});
server.listen(3000);

process.once('SIGTERM', async () => {
  await posthog.shutdown();
  process.exit(0);
});
`,
);

test("one awaited flush is enough for an exit by default, though not for the SDK that nothing closes", () => {
  const { findings } = Workspace.open({ root, cacheDir: false }).analyse();
  expect(findings.map((f) => [f.rule, f.line])).toEqual([["require-shutdown", 6]]);
});

test("strict asks for every SDK that can have something buffered", () => {
  const { findings } = Workspace.open({ root, cacheDir: false, strict: true }).analyse();
  expect(findings.map((f) => [f.rule, f.line])).toEqual([
    ["require-shutdown", 6],
    // PostHog is closed on one signal of two
    ["require-shutdown", 15],
    ["no-exit-before-flush", 17],
  ]);
  expect(findings[2]?.message).toContain("OpenTelemetry");
});

function strictly(text: string): [string, number][] {
  const folder = mkdtempSync(path.join(tmpdir(), "strict-"));
  writeFileSync(path.join(folder, "server.js"), text);
  const { findings } = Workspace.open({ root: folder, cacheDir: false, strict: true }).analyse();
  const relaxed = Workspace.open({ root: folder, cacheDir: false }).analyse().findings;
  rmSync(folder, { recursive: true, force: true });
  expect(relaxed).toEqual([]);
  return findings.map((f) => [f.rule, f.line]);
}

test("strict asks for both signals", () => {
  expect(
    strictly(`import { createServer } from 'node:http';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
const server = createServer((req, res) => res.end()).listen(3000);

process.once('SIGTERM', () => {
  server.close(() => {
    sdk.shutdown().catch(console.error).finally(() => process.exit(0));
  });
});
`),
  ).toEqual([["require-shutdown", 8]]);
});

test("strict wants callers to share one closing promise", () => {
  expect(
    strictly(`import { createServer } from 'node:http';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
const server = createServer((req, res) => res.end()).listen(3000);

let closing = false;
async function close() {
  if (closing) return;
  closing = true;
  await new Promise((resolve) => server.close(resolve));
  await sdk.shutdown().catch(console.error);
}

process.on('SIGTERM', () => close().finally(() => process.exit(0)));
process.on('SIGINT', () => close().finally(() => process.exit(0)));
`),
  ).toEqual([["no-floating-flush", 13]]);
});

test("strict asks for a flush before a refusal, which may come before any work", () => {
  const found = strictly(`import { createServer } from 'node:http';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
process.once('SIGTERM', () => sdk.shutdown().finally(() => process.exit(0)));
process.once('SIGINT', () => sdk.shutdown().finally(() => process.exit(0)));

const settings = await fetch('http://settings.internal').then((answer) => answer.json());
if (settings.port === undefined) {
  console.error('no port');
  process.exit(1);
}
createServer((req, res) => res.end()).listen(settings.port);
`);
  expect(found).toEqual([["no-exit-before-flush", 12]]);
});
