import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Workspace } from "../src/workspace.js";

/** The lines of exits that are found in a command whose SDK is started before these statements. */
function exits(statements: string): number[] {
  const root = mkdtempSync(path.join(tmpdir(), "refusals-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const start = "import { NodeSDK } from '@opentelemetry/sdk-node'; const sdk = new NodeSDK(); sdk.start();";
  const end = "process.once('SIGTERM', () => sdk.shutdown());";
  writeFileSync(path.join(root, "main.mjs"), [start, end, statements].join("\n"));
  return Workspace.open({ root, cacheDir: false, rules: ["no-exit-before-flush"] })
    .analyse()
    .findings.map((f) => f.line);
}

describe("an exit behind a condition", () => {
  it.each([
    ["is a refusal", "const rows = await load();\nif (!rows.length) process.exit(1);", []],
    ["ends the work of its branch", "if (rows) {\n  await send(rows);\n  process.exit(0);\n}", [5]],
    ["is the end of a chain", "if (isMain) {\n  run().then((code) => process.exit(code));\n}", [4]],
    ["has an error", "const got = await load();\nif (got.error) process.exit(1);", [4]],
    [
      "stands in a loop that waits",
      "for (;;) {\n  const job = await take();\n  if (!job) process.exit(0);\n}",
      [5],
    ],
  ])("%s", (_, statements, lines) => {
    expect(exits(statements)).toEqual(lines);
  });
});
