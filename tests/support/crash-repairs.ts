import { expect } from "vitest";
import { repairRequireCrashCapture } from "../../codemods/require-crash-capture.js";
import { requireCrashCapture } from "../../rules/require-crash-capture.js";
import { applyEdits } from "../../src/cli/apply/edits.js";
import { faultsOf } from "../../src/cli/apply/syntax.js";
import type { FixLevel } from "../../src/finding.js";
import type { CrashLoss } from "../../src/program/details.js";
import { Project, telemetrySpecifiers } from "../../src/program/project.js";
import { project as indexOf, type Files } from "./program-index-tree.js";

export interface Repaired {
  shape: CrashLoss["shape"] | undefined;
  level: FixLevel;
  files: Record<string, string>;
}

/** Repairs the first report of a small program, and sees to it that nothing is left to say at its place. */
export function repaired(files: Files): Repaired {
  const index = indexOf(files, { telemetrySpecifiers });
  const project = new Project(index);
  const reports = requireCrashCapture.check(project, { strict: false });
  const [report] = reports;
  if (!report) throw new Error("nothing is reported");
  const shape = report.details?.kind === "crash-loss" ? report.details.shape : undefined;
  const repair = repairRequireCrashCapture(report, project);
  if (!repair) return { shape, level: null, files: {} };
  const changed: Record<string, string> = {};
  for (const file of new Set(repair.edits.map((edit) => edit.file))) {
    const edits = repair.edits.filter((edit) => edit.file === file);
    const text = applyEdits(index.read(file) ?? "", edits);
    expect(faultsOf(file, text)).toEqual([]);
    index.overlay(file, text);
    changed[file] = text;
  }
  const left = requireCrashCapture.check(new Project(index), { strict: false });
  expect(left.length).toBeLessThan(reports.length);
  return { shape, level: repair.level, files: changed };
}

/** A program whose entry is `main.<ext>`, and what its repair makes of that file below a set-up. */
export function main(
  head: string,
  text: string,
  more: Files = {},
  file = "main.js",
): Repaired & { text: string } {
  const made = repaired({
    "package.json": { name: "app", type: "module", scripts: { start: `node ${file}` } },
    [file]: head + text,
    ...more,
  });
  const after = made.files[file] ?? "";
  return { ...made, text: after.startsWith(head) ? after.slice(head.length) : after };
}

export const SENTRY = `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.DSN });

`;

export const SDK = `import { NodeSDK } from "@opentelemetry/sdk-node";

export const sdk = new NodeSDK();
sdk.start();
process.once("beforeExit", () => void sdk.shutdown().catch(console.error));

`;

export const TRACED = `import { SpanStatusCode, trace } from "@opentelemetry/api";
${SDK}const tracer = trace.getTracer("jobs");

`;

export const ROLLBAR = `import Rollbar from "rollbar";

const rollbar = new Rollbar({ accessToken: process.env.TOKEN });

`;

export const SERVER = `import { createServer } from "node:http";
createServer().listen(80);
`;
