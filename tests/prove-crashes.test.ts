import { describe, expect, it } from "vitest";
import { proveCase } from "../src/prove/prove.js";
import { caseOf, type Crash } from "./support/crashes/cases.js";
import { failures } from "./support/crashes/failures.js";
import { vendors } from "./support/crashes/vendors.js";
import { pool } from "./support/pool.js";

const inTurn = pool(3);
const patience = 60_000;

const nameOf = ({ vendor, failure }: Crash): string => `${vendor.name}: ${failure.name}`;

const bad = Object.values(vendors).flatMap((vendor) =>
  Object.values(failures)
    // Sentry listens to worker threads beside the program
    .filter((failure) => !(vendor === vendors.sentry && failure === failures.inLoggedWorker))
    .map((failure): Crash => ({ vendor, failure, hears: failure.taken === true })),
);

/** With its defaults the SDK hears of it by itself: nothing is to be repaired. The exit code is the one of its own listener. */
const heard: [Crash, number][] = [
  [{ vendor: vendors.sentry, failure: failures.atModuleLevel, hears: true }, 0],
  [{ vendor: vendors.sentry, failure: failures.rejectionAtModuleLevel, hears: true }, 1],
  [{ vendor: vendors.sentry, failure: failures.inMain, hears: true }, 0],
  [{ vendor: vendors.sentry, failure: failures.inWorker, hears: true }, 0],
  [{ vendor: vendors.sentry, failure: failures.inLoggedWorker, hears: true }, 0],
  [{ vendor: vendors.bugsnag, failure: failures.atModuleLevel, hears: true }, 1],
  [{ vendor: vendors.bugsnag, failure: failures.rejectionAtModuleLevel, hears: true }, 1],
  [{ vendor: vendors.bugsnag, failure: failures.inMain, hears: true }, 0],
  [{ vendor: vendors.bugsnag, failure: failures.inListener, hears: true }, 0],
  [{ vendor: vendors.bugsnag, failure: failures.inWorker, hears: true }, 1],
];

describe("the report of a crash", () => {
  it.concurrent.each(bad.map((crash) => [nameOf(crash), crash] as const))(
    "with %s is lost, and arrives after the repair",
    async (_name, crash) => {
      const proof = await inTurn(() => proveCase(caseOf(crash)));
      expect(proof.failures).toEqual([]);
    },
    patience,
  );

  it.concurrent.each(heard.map(([crash, exitCode]) => [nameOf(crash), exitCode, crash] as const))(
    "with %s arrives by itself, with exit code %d",
    async (_name, exitCode, crash) => {
      const found = caseOf(crash, { exitCode });
      const proof = await inTurn(() => proveCase({ ...found, kind: "lookalike" }));
      expect(proof.failures).toEqual([]);
    },
    patience,
  );
});
