import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { proveCommand, type ProveReport } from "../src/prove/command.js";
import type { Expected } from "../src/prove/expected.js";
import { pool } from "./support/pool.js";

const programs = join(import.meta.dirname, "prove-programs/freeze");
const inTurn = pool(3);

/** Runs a handler twice in one process that is frozen whenever it has answered, and tells the names of what was lost. */
async function lostBy(handler: string, expected: Expected): Promise<string[]> {
  const report = await inTurn(() =>
    proveCommand([process.execPath], {
      cwd: programs,
      scenario: "freeze",
      handler,
      invocations: [{ n: 1 }, { n: 2 }],
      deadlineMillis: 30_000,
      expected,
    }),
  );
  expect(endOf(report)).toEqual({ timedOut: false, signal: "SIGKILL", notes: [] });
  return report.lost?.names ?? [];
}

const endOf = ({ timedOut, signal, notes }: ProveReport) => ({
  timedOut,
  signal,
  notes: notes.filter((note) => !note.startsWith("Nothing arrived")),
});

const errors: Expected = { events: ["failed 1", "failed 2"] };
const all: Expected = {
  events: ["failed 1", "failed 2"],
  logRecords: ["told 1", "told 2"],
  transactions: ["did 1", "did 2"],
};
const events: Expected = { events: ["ordered 1", "ordered 2"] };
const spans: Expected = { spans: ["order 1", "order 2"] };
const failures: Expected = { exceptions: ["failed 1", "failed 2"] };

describe("a function that is frozen when it has answered", () => {
  it.concurrent.each([
    ["sentry.flushed", all],
    ["sentry.callback", all],
    ["sentry.patient", errors],
    ["posthog.flushed", events],
    ["posthog.closed", events],
    ["posthog.immediate", events],
    ["opentelemetry.flushed", spans],
    ["sdk.flushed", spans],
    ["segment.flushed", events],
    ["rollbar.waited", failures],
    ["rollbar.wrapped", failures],
  ])(
    "%s loses nothing",
    async (handler, expected) => {
      expect(await lostBy(handler, expected)).toEqual([]);
    },
    60_000,
  );

  it.concurrent.each([
    ["sentry.nothing", { logRecords: ["told 2"], events: ["failed 2"] }, ["failed 2", "told 2"]],
    ["sentry.floating", { events: ["failed 2"] }, ["failed 2"]],
    ["sentry.thrown", errors, ["failed 1", "failed 2"]],
    ["posthog.nothing", events, ["ordered 1", "ordered 2"]],
    ["posthog.flushAtOne", { events: ["ordered 2"] }, ["ordered 2"]],
    ["posthog.floating", { events: ["ordered 2"] }, ["ordered 2"]],
    ["posthog.unawaited", { events: ["ordered 2"] }, ["ordered 2"]],
    ["opentelemetry.nothing", spans, ["order 1", "order 2"]],
    ["opentelemetry.floating", { spans: ["order 2"] }, ["order 2"]],
    ["opentelemetry.beforeItsEnd", { spans: ["order 2"] }, ["order 2"]],
    ["sdk.nothing", spans, ["order 1", "order 2"]],
    ["segment.nothing", { events: ["ordered 2"] }, ["ordered 2"]],
    ["rollbar.nothing", { exceptions: ["failed 2"] }, ["failed 2"]],
  ])(
    "%s loses what it held",
    async (handler, expected, lost) => {
      expect((await lostBy(handler, expected)).sort()).toEqual(lost);
    },
    60_000,
  );

  it.concurrent.each([
    ["sentry.closed", errors, ["failed 2"]],
    ["opentelemetry.closed", spans, ["order 2"]],
    ["segment.closed", events, ["ordered 2"]],
  ])(
    "%s loses what comes after its first invocation",
    async (handler, expected, lost) => {
      expect(await lostBy(handler, expected)).toEqual(lost);
    },
    60_000,
  );
});

describe("a server that is frozen when it has answered", () => {
  it.each([
    ["flush", "kept"],
    ["nothing", "lost"],
  ])(
    "with %s: %s",
    async (mode, verdict) => {
      const report = await proveCommand([process.execPath, join(programs, "server.mjs"), mode], {
        scenario: "freeze",
        invocations: ["/1", "/2"],
        deadlineMillis: 30_000,
        expected: { events: ["failed /2"] },
      });
      expect(report.verdict).toBe(verdict);
      expect(endOf(report)).toEqual({ timedOut: false, signal: "SIGKILL", notes: [] });
    },
    60_000,
  );
});

describe("a program that cannot be frozen", () => {
  it("is said to have ended too early", async () => {
    const report = await proveCommand([process.execPath, "--eval", "0"], { scenario: "freeze" });
    expect(report).toMatchObject({ exitCode: 0, signal: null });
    expect(report.notes).toContain(
      "The program ended before it had answered, so that it could not be frozen.",
    );
  });
});
