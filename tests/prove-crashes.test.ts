import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Case, CaseRun } from "../src/prove/caseFile.js";
import { proveCase, type ProveCaseOptions, runRepaired } from "../src/prove/prove.js";
import { caseOf } from "./support/crashes/cases.js";
import { failures } from "./support/crashes/failures.js";
import { repairedByRule } from "./support/crashes/repaired.js";
import { vendors } from "./support/crashes/vendors.js";
import { pool } from "./support/pool.js";

type Failure = keyof typeof failures;
type Vendor = keyof typeof vendors;

const inTurn = pool(3);
// they only wait for an answer
const waiting = pool(10);
const patience = 240_000;

/**
 * What an SDK with its defaults hears of by itself, with the exit code that follows. Sentry leaves the process to itself when the
 * program listens as well, after a rejection, and when a worker thread fails; Bugsnag after a rejection.
 */
const heard: Partial<Record<Vendor, Partial<Record<Failure, number>>>> = {
  sentry: {
    atModuleLevel: 0,
    rejectionAtModuleLevel: 1,
    swallowedRejection: 0,
    inMain: 0,
    inTimer: 0,
    inListener: 0,
    inThrowingListener: 1,
    inWorker: 0,
    inRejectingWorker: 0,
    inLoggedWorker: 0,
  },
  bugsnag: {
    atModuleLevel: 1,
    rejectionAtModuleLevel: 1,
    swallowedRejection: 0,
    inMain: 0,
    inTimer: 0,
    inListener: 0,
    inThrowingListener: 1,
    inWorker: 1,
    inRejectingWorker: 1,
  },
};

/** Where the rule may offer no repair: that by hand is proven then. Everywhere else it has to offer one. */
const byHand: Record<Vendor, Failure[]> = {
  sentry: ["inThrowingTimer"],
  openTelemetry: ["inCaughtMain", "inExitingMain", "inThrowingTimer", "inLoggedWorker"],
  applicationInsights: ["inCaughtMain", "inExitingMain", "inThrowingTimer", "inLoggedWorker"],
  rollbar: ["inThrowingTimer"],
  bugsnag: ["inThrowingTimer", "inLoggedWorker"],
};

/** Where the rule speaks only when it is strict: people do not install these to learn of a job that failed. */
const strict: Partial<Record<Vendor, Failure[]>> = {
  openTelemetry: ["inJob"],
  applicationInsights: ["inJob"],
};

const cells = (Object.keys(vendors) as Vendor[]).flatMap((vendor) =>
  (Object.keys(failures) as Failure[]).map((failure) => ({
    vendor,
    failure,
    title: `${vendors[vendor].name}: ${failures[failure].name}`,
    own: heard[vendor]?.[failure],
  })),
);

type Cell = (typeof cells)[number];

/** Lost whatever the options of the SDK, or because it is made deaf. */
const lost = cells.filter(({ failure, own }) => !failures[failure].taken || own === undefined);

/** The failing program as a case; `hears` unless the SDK is to be made deaf. */
const programOf = ({ vendor, failure }: Cell, hears: boolean, run: Partial<CaseRun> = {}): Case =>
  caseOf({ vendor: vendors[vendor], failure: failures[failure], hears }, run);

/** The repair of the rule, else the one by hand. */
const after = (folder: string | undefined): ProveCaseOptions =>
  folder === undefined ? {} : { after: folder };

const text = (folder: string): string => readFileSync(join(folder, "main.mjs"), "utf8");

/** A repair that only lets the SDK hear again leaves the exit code to the SDK. */
function endingAs(found: Case, own: number | undefined, folder: string | undefined): Case {
  const { run } = found;
  if (
    !run ||
    own === undefined ||
    folder === undefined ||
    text(folder) !== text(join(found.directory, "before"))
  )
    return found;
  return { ...found, run: { ...run, exitCodeBefore: run.exitCodeBefore ?? run.exitCode, exitCode: own } };
}

describe("the report of a crash", () => {
  it.concurrent.each(lost.map((cell) => [cell.title, cell] as const))(
    "with %s is lost, and arrives after the repair",
    async (_title, cell) => {
      const { vendor, failure, own } = cell;
      const found = programOf(cell, failures[failure].taken === true);
      const proof = await inTurn(async () => {
        const { folder } = await repairedByRule(found, strict[vendor]?.includes(failure) === true);
        expect(folder !== undefined || byHand[vendor].includes(failure)).toBe(true);
        return proveCase(endingAs(found, own, folder), after(folder));
      });
      expect(proof.failures).toEqual([]);
    },
    patience,
  );

  it.concurrent.each(
    cells.flatMap((cell) => (cell.own === undefined ? [] : [[cell.title, cell.own, cell] as const])),
  )(
    "with %s arrives by itself, with exit code %d, and the rule is silent",
    async (_title, own, cell) => {
      const found = programOf(cell, true, { exitCode: own });
      const proof = await inTurn(async () => {
        expect((await repairedByRule(found, false)).reported).toEqual([]);
        return proveCase({ ...found, kind: "lookalike" });
      });
      expect(proof.failures).toEqual([]);
    },
    patience,
  );

  it.concurrent.each(
    cells
      .filter(({ failure }) => failure === "inExitingMain")
      .flatMap((cell) =>
        (["refuse", "silent"] as const).map((collector) => [cell.title, collector, cell] as const),
      ),
  )(
    "with %s is given up in time where the collector is there to %s",
    async (_title, collector, cell) => {
      const found = programOf(cell, true);
      const { folder } = await repairedByRule(found, false);
      const circumstance = { collector, deadlineMillis: 20_000 };
      const side = await waiting(() => runRepaired(found, circumstance, after(folder)));
      expect(side.faults).toEqual([]);
    },
    patience,
  );
});
