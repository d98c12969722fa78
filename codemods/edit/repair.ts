import type { Refusal, Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Codemod } from "../index.js";

/** Works out the repair of one break of a chain; says why there is none, or is undefined when nothing is known. */
export type ChainRepair = (broken: ChainBreak, project: Project) => Repair | Refusal | undefined;

/** One codemod for a rule whose checks have a repair each. */
export function repairsOfChecks(repairs: Readonly<Record<string, ChainRepair>>): Codemod {
  return ({ details }, project) =>
    details?.kind === "chain-break" ? repairs[details.check]?.(details, project) : undefined;
}
