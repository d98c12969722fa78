import { expect } from "vitest";
import { repairNoInitTimeShutdown } from "../../codemods/no-init-time-shutdown.js";
import { noInitTimeShutdown } from "../../rules/no-init-time-shutdown.js";
import { applyEdits } from "../../src/cli/apply/edits.js";
import { faultsOf } from "../../src/cli/apply/syntax.js";
import { Project, telemetrySpecifiers } from "../../src/program/project.js";
import { project as indexOf, type Files } from "./program-index-tree.js";

export interface Repaired {
  level: "safe" | "review";
  /** The texts that changed. */
  files: Record<string, string>;
}

/** Repairs the first report of a small program, and sees to it that it is not made again. */
export function repaired(files: Files): Repaired | undefined {
  const index = indexOf(files, { telemetrySpecifiers });
  const project = new Project(index);
  const reports = noInitTimeShutdown.check(project, { strict: false });
  const [report] = reports;
  expect(report, "nothing is reported").toBeDefined();
  const repair = report && repairNoInitTimeShutdown(report, project);
  if (!repair) return undefined;
  const changed: Record<string, string> = {};
  for (const file of new Set(repair.edits.map((edit) => edit.file))) {
    const text = applyEdits(
      index.read(file) ?? "",
      repair.edits.filter((edit) => edit.file === file),
    );
    expect(faultsOf(file, text)).toEqual([]);
    index.overlay(file, text);
    changed[file] = text;
  }
  expect(noInitTimeShutdown.check(new Project(index), { strict: false })).toHaveLength(reports.length - 1);
  return { level: repair.level, files: changed };
}

/** The repaired text of a program of one file. */
export function text(before: string, file = "main.mjs"): string | undefined {
  return repaired({ "package.json": { main: file }, [file]: before })?.files[file];
}

export const start = `import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
`;

export const ending = (close: string) => `let telemetryShutdown;

/** Sends what is still buffered and closes telemetry, once, within five seconds. */
export function shutdownTelemetry() {
  telemetryShutdown ??= Promise.race([
    ${close}.catch(console.error),
    new Promise((resolve) => setTimeout(resolve, 5000).unref()),
  ]);
  return telemetryShutdown;
}

process.once('beforeExit', () => {
  setTimeout(() => process.exit(), 5000).unref(); // even if a collector never answers
  void shutdownTelemetry();
});
`;

export const signals = ["SIGTERM", "SIGINT"]
  .map(
    (signal) => `process.once('${signal}', (signal) => {
  void shutdownTelemetry().finally(() => process.kill(process.pid, signal));
});
`,
  )
  .join("");

export const serve = `\nsetInterval(() => fetch('http://localhost'), 1000);\n`;
