import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll } from "vitest";
import type { Case, CaseRun } from "../../../src/prove/caseFile.js";
import { type Failure, type Files, message } from "./program.js";
import type { CrashVendor } from "./vendors.js";

const home = path.resolve(import.meta.dirname, "../../..");
const written: string[] = [];

afterAll(() => {
  for (const folder of written) rmSync(folder, { recursive: true, force: true });
});

/** Has a folder removed after the tests of the file. */
export const removeLater = (folder: string): void => void written.push(folder);

/** The program of a vendor that fails in a way: what it expects, and how it ends. */
export interface Crash {
  vendor: CrashVendor;
  failure: Failure;
  /** The SDK hears of crashes by itself, as it does by default; otherwise that is switched off. */
  hears: boolean;
}

/** The failing program on disk, with its repair by hand. */
export function caseOf({ vendor, failure, hears }: Crash, run: Partial<CaseRun> = {}): Case {
  const cache = path.join(home, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(path.join(cache, "telemetry-fix-crash-"));
  removeLater(directory);
  const telemetry = hears ? vendor.telemetry : (vendor.deaf ?? vendor.telemetry);
  const before = { "package.json": manifest(vendor), "telemetry.mjs": telemetry, ...failure.before(vendor) };
  write(path.join(directory, "before"), before);
  cpSync(path.join(home, "tests/prove-programs/bullmq"), path.join(directory, "before/node_modules/bullmq"), {
    recursive: true,
  });
  write(path.join(directory, "after"), failure.after(vendor));
  return {
    name: `${vendor.name}: ${failure.name}`,
    title: "",
    distilledFrom: "",
    kind: "bad",
    expect: [],
    directory,
    run: {
      command: [process.execPath, "main.mjs"],
      scenario: "natural-end",
      receiver: vendor.receiver,
      expected: {
        [vendor.signal]: [message],
        ...(vendor.records && { spans: vendor.records.spans }),
      },
      exitCode: failure.exitCode,
      signal: null,
      ...(failure.exitCodeBefore !== undefined && { exitCodeBefore: failure.exitCodeBefore }),
      deadlineMillis: 15_000,
      ...run,
    },
  };
}

function write(folder: string, files: Files): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}

function manifest({ packages }: CrashVendor): string {
  const own = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const asked = packages.map((name) => [name, own.devDependencies[name]]);
  return `${JSON.stringify(
    {
      name: "orders",
      type: "module",
      scripts: { start: "node main.mjs" },
      dependencies: { ...Object.fromEntries(asked), bullmq: "^5.81.5" },
    },
    null,
    2,
  )}\n`;
}
