import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { Workspace } from "../src/workspace.js";

const base = mkdtempSync(path.join(tmpdir(), "warm-"));
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

test("a warm cache finds what a cold one does, also behind a lazy import", () => {
  const root = path.join(base, "program");
  const cacheDir = path.join(base, "cache");
  mkdirSync(root);
  const file = path.join(root, "main.mjs");
  writeFileSync(
    file,
    `const load = (name) => import(name);
const { NodeTracerProvider } = await load("@opentelemetry/sdk-trace-node");
new NodeTracerProvider({ spanProcessors: globalThis.processors }).register();
await fetch("https://example.org/");
process.exit(0);
`,
  );
  // the cache leaves out files that were written a moment ago
  utimesSync(file, new Date("2026-01-01"), new Date("2026-01-01"));
  const places = (): string[] =>
    Workspace.open({ root, cacheDir })
      .analyse()
      .findings.map((f) => `${f.rule}:${String(f.line)}`);
  const cold = places();
  expect(cold).toEqual(["no-exit-before-flush:5"]);
  expect(places()).toEqual(cold);
});
