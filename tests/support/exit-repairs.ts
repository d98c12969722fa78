import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { FixLevel } from "../../src/finding.js";
import { Workspace } from "../../src/workspace.js";
import { temporary, treeOf } from "./fixtures.js";
import { repairAll } from "./repair.js";

export const MODULE = '{ "name": "app", "type": "module", "main": "main.js" }';

export const SENTRY = "import * as Sentry from '@sentry/node';\n\nSentry.init({ dsn: process.env.DSN });\n\n";

export const SDK =
  "import { NodeSDK } from '@opentelemetry/sdk-node';\n\nconst sdk = new NodeSDK();\nsdk.start();\n\n";

/** Writes a program; files not given come from an ES module package whose entry is `main.js`. */
export function program(files: Record<string, string>): string {
  const root = temporary();
  for (const [file, text] of Object.entries({ "package.json": MODULE, ...files })) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

export function levels(root: string): FixLevel[] {
  const workspace = Workspace.open({ root, cacheDir: false });
  const { findings, problems } = workspace.analyse();
  expect(problems).toEqual([]);
  return findings.map((finding) => finding.fix);
}

/** Repairs a program with one finding or more, holds that nothing is left, and gives its files. */
export async function repaired(
  files: Record<string, string>,
  expected: FixLevel[],
): Promise<Record<string, string>> {
  const root = program(files);
  expect(levels(root)).toEqual(expected);
  const rounds = await repairAll(root);
  expect(rounds.flatMap((r) => r.skipped.filter((s) => !s.reason.includes("run again")))).toEqual([]);
  expect(rounds.at(-1)?.analysis.findings).toEqual([]);
  return Object.fromEntries(treeOf(root));
}

/** The same for one file, of which only what follows the set-up is given and looked at. */
export async function body(head: string, text: string, level: FixLevel, file = "main.js"): Promise<string> {
  const out = await repaired(
    file === "main.js"
      ? { [file]: head + text }
      : { [file]: head + text, "package.json": `{ "main": "${file}" }` },
    [level],
  );
  const whole = out[file] ?? "";
  expect(whole.startsWith(head)).toBe(true);
  return whole.slice(head.length);
}

/** Holds that a program is reported and no repair is offered. */
export function offersNothing(files: Record<string, string>): void {
  expect(levels(program(files))).toEqual([null]);
}
