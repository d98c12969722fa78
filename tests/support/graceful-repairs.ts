import { expect } from "vitest";
import { repairNoCompetingShutdown } from "../../codemods/no-competing-shutdown.js";
import { repairRequireShutdown } from "../../codemods/require-shutdown.js";
import { noCompetingShutdown } from "../../rules/no-competing-shutdown.js";
import { requireShutdown } from "../../rules/require-shutdown.js";
import { applyEdits } from "../../src/cli/apply/edits.js";
import { faultsOf } from "../../src/cli/apply/syntax.js";
import { Project, telemetrySpecifiers } from "../../src/program/project.js";
import type { Rule, RunReport } from "../../src/program/view.js";
import { project as indexOf, type Files } from "./program-index-tree.js";

export const codemodOf = new Map([
  [requireShutdown, repairRequireShutdown],
  [noCompetingShutdown, repairNoCompetingShutdown],
]);

/** Repairs the first report of a small program: the texts that changed. Sees to it that neither rule has anything left to say. */
export function repaired(rule: Rule<RunReport>, files: Files): Record<string, string> | undefined {
  const index = indexOf(files, { telemetrySpecifiers });
  const project = new Project(index);
  const [report] = rule.check(project, { strict: false });
  expect(report, "nothing is reported").toBeDefined();
  const repair = report && codemodOf.get(rule)?.(report, project);
  if (!repair) return undefined;
  expect(repair.level).toBe("review");
  const changed: Record<string, string> = {};
  for (const file of new Set(repair.edits.map((edit) => edit.file))) {
    const edits = repair.edits.filter((edit) => edit.file === file);
    const text = applyEdits(index.read(file) ?? "", edits);
    expect(faultsOf(file, text)).toEqual([]);
    index.overlay(file, text);
    changed[file] = text;
  }
  const again = new Project(index);
  for (const other of codemodOf.keys())
    expect(other.check(again, { strict: false }).map((r) => r.message)).toEqual([]);
  return changed;
}

export const closed = (files: Files): Record<string, string> | undefined => repaired(requireShutdown, files);

/** A program whose entry is `main.<ext>`. */
export const program = (main: string, more: Files = {}, extension = "js"): Files => ({
  "package.json": {
    type: "module",
    scripts: { start: `node main.${extension}` },
    dependencies: { "@nestjs/core": "^11.0.0" },
  },
  [`main.${extension}`]: main,
  ...more,
});

export const tracing = `import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
`;
