import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCase, type Circumstance } from "../src/prove/caseFile.js";
import { runRepaired } from "../src/prove/prove.js";
import { pool } from "./support/pool.js";

/** After so long `docker stop` kills. */
const graceMillis = 10_000;

/** How long a process may take to be gone when it is told a second time. */
const atOnceMillis = 1000;

interface Kind {
  /** The case whose repaired program is run. */
  name: string;
  /** Milliseconds until its collector is up: its flush has begun and was refused by then, and is tried again. */
  lateMillis: number;
  /** Whether it can be told a second time. */
  second: boolean;
}

const endings: Record<string, Kind> = {
  "a bare http server": { name: "run-http-server", lateMillis: 1900, second: true },
  express: { name: "run-express", lateMillis: 1900, second: true },
  fastify: { name: "run-fastify", lateMillis: 1900, second: true },
  // Its batches go out after five seconds; its own listener takes no notice of a second signal.
  Nest: { name: "run-nest", lateMillis: 5900, second: false },
  "a grpc-js server": { name: "run-grpc-server", lateMillis: 4500, second: true },
  "a worker with a queue": { name: "run-queue-worker", lateMillis: 900, second: true },
  "a cron job": { name: "run-cron-job", lateMillis: 900, second: false },
  "a CLI": { name: "run-cli", lateMillis: 900, second: false },
  "a CLI that is interrupted": { name: "run-cli-interrupted", lateMillis: 500, second: true },
};

const cases = Object.entries(endings).map(([kind, { name, lateMillis, second }]) => {
  const found = readCase(join(import.meta.dirname, "../fixtures/require-shutdown", name));
  // The clock of a program that ends by itself begins with it.
  const from = found.run?.scenario === "natural-end" ? ("start" as const) : ("signal" as const);
  return { kind, second, found, late: { lateMillis, from } };
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
    async ({ found, late }) => {
      expect(await faultsUnder(found, { collector: late, deadlineMillis: graceMillis })).toEqual([]);
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
