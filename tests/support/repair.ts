import { applyRepairs, type Outcome } from "../../src/cli/apply/apply.js";
import type { Workspace } from "../../src/workspace.js";
import { openAsHosts } from "./open.js";

/** More rounds than any program needs: each applies at least one repair. */
const mostRounds = 10;

/**
 * Applies every repair that is offered, as the command line does it with all levels allowed, until none is left.
 * @param root real path of the program, which is rewritten
 * @returns what each round did, the last one first looked at with nothing left to apply
 */
export async function repairAll(root: string): Promise<Outcome[]> {
  const rounds: Outcome[] = [];
  const reopen = (): Workspace => openAsHosts(root);
  for (let round = 0; round < mostRounds; round += 1) {
    const analyser = reopen();
    const analysis = analyser.analyse();
    const offers = analysis.findings.flatMap((finding) => {
      const repair = analyser.repair(finding);
      return repair ? [{ finding, repair }] : [];
    });
    const outcome = await applyRepairs({ root, analyser, analysis, offers, refuse: new Map(), reopen });
    rounds.push(outcome);
    if (outcome.applied.length === 0) return rounds;
  }
  throw new Error(`still repairing after ${String(mostRounds)} rounds`);
}
