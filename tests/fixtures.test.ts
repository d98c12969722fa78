import { describe, expect, it } from "vitest";
import { faultsOf } from "../src/cli/apply/syntax.js";
import { openAsHosts } from "./support/open.js";
import {
  after,
  expected,
  lineOf,
  loadCases,
  told,
  treeOf,
  unpack,
  unpackRepaired,
} from "./support/fixtures.js";
import { repairAll } from "./support/repair.js";

const sources = /\.[cm]?[jt]sx?$/;

function analyse(root: string) {
  return openAsHosts(root).analyse();
}

for (const fixture of loadCases()) {
  describe(fixture.name, () => {
    it("is reported exactly as expected", () => {
      const { findings, problems } = analyse(unpack(fixture));
      expect(problems).toEqual([]);
      expect(told(findings)).toEqual(expected(fixture));
    });

    const decided = fixture.expect.filter((e) => e.fix !== undefined);
    if (decided.length > 0)
      it("is offered the repairs it expects", () => {
        const workspace = openAsHosts(unpack(fixture));
        const { findings } = workspace.analyse();
        for (const e of decided) {
          const line = lineOf(fixture, e);
          const finding = findings.find((f) => f.rule === e.rule && f.file === e.file && f.line === line);
          expect(finding, `${e.rule} at ${e.file}:${String(line)}`).toBeDefined();
          if (!finding) continue;
          expect(finding.fix).toBe(e.fix);
          expect(workspace.repair(finding)?.level ?? null).toBe(e.fix);
        }
      });

    if (fixture.kind === "bad")
      it("is repaired for good", async () => {
        const root = unpack(fixture);
        const found = analyse(root).findings.length;
        const rounds = await repairAll(root);
        const reasons = rounds.flatMap((round) => round.skipped.map((skipped) => skipped.reason));
        expect(reasons.filter((reason) => !reason.includes("run again"))).toEqual([]);

        const left = rounds.at(-1)?.analysis;
        expect(left?.problems).toEqual([]);
        const applied = rounds.reduce((count, round) => count + round.applied.length, 0);
        expect(left?.findings).toHaveLength(found - applied);
        for (const [file, text] of treeOf(root)) {
          if (sources.test(file)) expect(faultsOf(file, text), file).toEqual([]);
        }
      });

    const wanted = after(fixture);
    if (wanted)
      it("is repaired into after/", async () => {
        const root = unpack(fixture);
        await repairAll(root);
        expect(Object.fromEntries(treeOf(root))).toEqual(Object.fromEntries(wanted ?? []));
      });

    if (wanted)
      it("has an after/ that is not reported", () => {
        const root = unpackRepaired(fixture);
        expect(root && told(analyse(root).findings)).toEqual([]);
      });
  });
}
