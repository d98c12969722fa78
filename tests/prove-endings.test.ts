import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCase, type Circumstance } from "../src/prove/caseFile.js";
import { runRepaired } from "../src/prove/prove.js";
import { pool } from "./support/pool.js";

/** After so long `docker stop` kills. */
const graceMillis = 10_000;

/** How long a process may take to be gone when it is told a second time. */
const atOnceMillis = 1000;

/** A repaired program of each kind, by the name of its case. */
const endings: Record<string, { name: string; second: boolean }> = {
  "a bare http server": { name: "run-http-server", second: true },
  express: { name: "run-express", second: true },
  fastify: { name: "run-fastify", second: true },
  // Nest keeps its own listener, which takes no notice of a second signal.
  Nest: { name: "run-nest", second: false },
  "a grpc-js server": { name: "run-grpc-server", second: true },
  "a worker with a queue": { name: "run-queue-worker", second: true },
  "a cron job": { name: "run-cron-job", second: false },
  "a CLI": { name: "run-cli", second: false },
  "a CLI that is interrupted": { name: "run-cli-interrupted", second: true },
};

const cases = Object.entries(endings).map(([kind, { name, second }]) => {
  const found = readCase(join(import.meta.dirname, "../fixtures/require-shutdown", name));
  return { kind, second, found, endsByItself: found.run?.scenario === "natural-end" };
});

// Most of the time they wait for a collector.
const inTurn = pool(4);
const patience = 240_000;

async function faultsUnder(found: (typeof cases)[number]["found"], circumstance: Circumstance) {
  const side = await inTurn(() => runRepaired(found, circumstance));
  return [...side.faults, ...side.unanswered, ...side.result.oddities];
}

describe("a repaired ending", () => {
  it("is proven under load where there are requests", () => {
    const loaded = cases.filter(({ found }) => found.run?.load).map(({ kind }) => kind);
    expect(loaded).toEqual(["a bare http server", "express", "fastify", "Nest", "a grpc-js server"]);
  });

  it.concurrent.each(cases)(
    "of $kind loses nothing when the collector comes late",
    async ({ found, endsByItself }) => {
      // From the start, a program that ends by itself is done by then; from the signal, one under load has drained.
      const collector = { lateMillis: 900, from: endsByItself ? "start" : "signal" } as const;
      expect(await faultsUnder(found, { collector, deadlineMillis: graceMillis })).toEqual([]);
    },
    patience,
  );

  it.concurrent.each(cases)(
    "of $kind loses nothing when the collector is slow to answer",
    async ({ found }) => {
      const collector = { slowMillis: 500 };
      expect(await faultsUnder(found, { collector, deadlineMillis: graceMillis })).toEqual([]);
    },
    patience,
  );

  it.concurrent.each(
    cases.flatMap((each) => [
      { ...each, collector: "refuse" as const, does: "refuses" },
      { ...each, collector: "silent" as const, does: "never answers" },
    ]),
  )(
    "of $kind is over in time when the collector $does",
    async ({ found, collector }) => {
      expect(await faultsUnder(found, { collector, deadlineMillis: graceMillis })).toEqual([]);
    },
    patience,
  );

  it.concurrent.each(
    cases
      .filter(({ second }) => second)
      .flatMap((each) => [
        { ...each, when: "finishes its work", secondSignalMillis: 150 },
        { ...each, when: "waits for the collector", secondSignalMillis: 800 },
      ]),
  )(
    "of $kind ends at once by a second signal while it $when",
    async ({ found, secondSignalMillis }) => {
      const circumstance = { collector: "silent", deadlineMillis: atOnceMillis, secondSignalMillis } as const;
      expect(await faultsUnder(found, circumstance)).toEqual([]);
    },
    patience,
  );
});
