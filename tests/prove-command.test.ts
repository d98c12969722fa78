import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { proveCommand, type ProveOptions } from "../src/prove/command.js";
import { renderProve } from "../src/prove/render.js";

const programs = join(import.meta.dirname, "prove-programs");

function prove(program: string, args: string[], options: ProveOptions = {}) {
  return proveCommand([process.execPath, join(programs, program), ...args], {
    deadlineMillis: 20_000,
    ...options,
  });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("proveCommand", () => {
  it.each(["otlp-http-json", "otlp-http-protobuf"] as const)(
    "counts and names spans, metric points and log records sent by %s",
    async (receiver) => {
      const report = await prove("three-signals.mjs", [], { receivers: [receiver] });
      const named = Object.fromEntries(report.received.map(({ signal, names }) => [signal, names]));
      expect(named).toEqual({
        spans: expect.arrayContaining([
          { name: "outer", count: 1 },
          { name: "inner", count: 1 },
        ]),
        metricPoints: expect.arrayContaining([
          { name: "jobs", count: 2 },
          { name: "millis", count: 1 },
          { name: "depth", count: 1 },
        ]),
        logRecords: [{ name: "tschüß", count: 1 }],
      });
      expect(report).toMatchObject({ verdict: "kept", recorded: 7, exitCode: 0, signal: null, notes: [] });
    },
  );

  it("tells which of the expected spans were lost", async () => {
    const report = await prove("three-signals.mjs", [], {
      expected: { spans: ["inner", "outer", "never sent"], logRecords: 2 },
    });
    expect(report.verdict).toBe("lost");
    expect(report.lost).toEqual({
      total: 2,
      counts: { spans: 1, logRecords: 1 },
      names: ["never sent"],
    });
    expect(renderProve(report)).toContain("lost:     2 of 5\n          never sent\n");
  });

  it("kills a program that outlives its deadline, with everything it started", async () => {
    let output = "";
    const report = await prove("ignores-signals.mjs", [], {
      scenario: "sigterm",
      deadlineMillis: 800,
      onOutput: (_stream, chunk) => (output += chunk),
    });
    expect(report).toMatchObject({ verdict: "hung", timedOut: true, signal: "SIGKILL" });
    expect(report.endingMillis).toBeGreaterThanOrEqual(800);
    const child = Number(/child (\d+)/.exec(output)?.[1]);
    await expect.poll(() => alive(child), { timeout: 3000 }).toBe(false);
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  it("ends with the run when the run is interrupted", async () => {
    const running = prove("ignores-signals.mjs", []);
    await sleep(500);
    process.emit("SIGINT", "SIGINT");
    expect((await running).notes).toContain("The run was interrupted.");
  });

  it("names requests it cannot read and goes on", async () => {
    const report = await prove("posts.mjs", [
      ...["/v1/traces", "application/json", "{"],
      ...["/v1/traces", "application/x-protobuf", "\u0012\u007f"],
      ...["/api/1/envelope/", "text/plain", 'no header\n{"type":"event"}\nnot json'],
      ...["/elsewhere", "text/plain", "x"],
      ...["/v1/logs", "application/json", '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},null]}]},7]}'],
      ...["/batch/", "application/json", '{"batch":[{"event":"clear \\u001b[2J"}]}'],
    ]);
    expect(report.notes).toHaveLength(4);
    expect(report.notes[3]).toBe("POST /elsewhere belongs to no receiver of this run");
    expect(report.received.map(({ signal, count }) => [signal, count])).toEqual([
      ["logRecords", 2],
      ["events", 1],
    ]);
    expect(report.verdict).toBe("unknown");
    expect(renderProve(report)).toContain("clear ?[2J");
  });

  it("reads envelope payloads by their length, and counts each kind apart", async () => {
    const payload = '{"message":\n"first"}';
    const envelope = [
      '{"event_id":"1"}',
      `{"type":"event","length":${payload.length}}`,
      payload,
      '{"type":"session"}',
      '{"sid":"s"}',
      '{"type":"log","item_count":2}',
      '{"items":[{"body":"a"},{"body":"b"}]}',
      '{"type":"client_report"}',
      "{}",
    ].join("\n");
    const report = await prove("posts.mjs", ["/api/1/envelope/", "application/x-sentry-envelope", envelope]);
    expect(report.received.map(({ signal, count, names }) => [signal, count, names[0]?.name])).toEqual([
      ["events", 1, "first"],
      ["sessions", 1, "s"],
      ["logRecords", 2, "a"],
    ]);
  });

  it("says so when the command cannot be started", async () => {
    await expect(proveCommand(["no-such-program-anywhere"])).rejects.toThrow(
      "Cannot run no-such-program-anywhere",
    );
    await expect(proveCommand([])).rejects.toThrow("no command");
  });
});
