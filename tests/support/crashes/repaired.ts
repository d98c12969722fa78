import { cpSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { applyRepairs } from "../../../src/cli/apply/apply.js";
import type { Case } from "../../../src/prove/caseFile.js";
import { Workspace } from "../../../src/workspace.js";
import { removeLater } from "./cases.js";

/** What the rule does about a program that loses the report of its failure. */
export interface Repaired {
  /** The lines that it reports: `main.mjs:7`. */
  reported: string[];
  /** The program with its repairs; absent where it offers none. */
  folder?: string;
}

/** More rounds than any of the programs needs. */
const mostRounds = 5;

/** Lets the rule, as it is recommended or strict, repair the failing program of a case, and nothing else. */
export async function repairedByRule({ directory }: Case, strict: boolean): Promise<Repaired> {
  // not beside the case, where it would be taken for an installed package
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-crash-")));
  removeLater(root);
  cpSync(path.join(directory, "before"), root, {
    recursive: true,
    filter: (source) => !source.includes(`${path.sep}before${path.sep}node_modules`),
  });
  const reopen = (): Workspace =>
    Workspace.open({ root, strict, rules: ["require-crash-capture"], cacheDir: false });
  const reported: string[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const analyser = reopen();
    const analysis = analyser.analyse();
    if (round === 0) reported.push(...analysis.findings.map(({ file, line }) => `${file}:${String(line)}`));
    const offers = analysis.findings.flatMap((finding) => {
      const repair = analyser.repair(finding);
      return repair ? [{ finding, repair }] : [];
    });
    const { applied } = await applyRepairs({ root, analyser, analysis, offers, refuse: new Map(), reopen });
    if (applied.length === 0) return { reported, ...(round > 0 && { folder: root }) };
  }
  throw new Error(`still repairing after ${String(mostRounds)} rounds`);
}
