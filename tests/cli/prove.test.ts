import { describe, expect, it } from "vitest";
import { project, run } from "./support.js";

const sender = `
const [, , count] = process.argv;
const spans = Array.from({ length: Number(count) }, (_, at) => ({ name: "span " + at, traceId: "00".repeat(16), spanId: "00".repeat(8) }));
console.log("sending");
await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
});
`;

describe("telemetry-fix prove", () => {
  it("says what was lost, the program's own output aside", async () => {
    const root = project({ "send.mjs": sender });
    const prove = (count: string, ...options: string[]) =>
      run(root, ["prove", "--expect", "spans=2", ...options, "--", process.execPath, "send.mjs", count]);
    const kept = await prove("2");
    expect([kept.exitCode, kept.stderr]).toEqual([0, "sending\n"]);
    expect(kept.stdout).toContain("Nothing was lost.");
    const lost = await prove("1", "--format", "json");
    expect(lost.exitCode).toBe(1);
    expect(JSON.parse(lost.stdout)).toMatchObject({ version: 1, verdict: "lost", lost: { total: 1 } });
  });

  it("leaves the judgement to the reader when nobody said how much there was", async () => {
    const root = project({ "send.mjs": sender });
    const { exitCode, stdout } = await run(root, ["prove", "--", process.execPath, "send.mjs", "1"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("How much was recorded is not known");
  });

  it("freezes a handler when it has answered each of its events", async () => {
    const handler = `export const lazy = async ({ n }) => void send(n);
export const patient = async ({ n }) => send(n);
const send = (n) => fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: "order " + n }] }] }] }),
});`;
    const root = project({ "src/orders.mjs": handler });
    const events = ["--invoke", '{"n":1}', "--invoke", '{"n":2}'];
    const freeze = (name: string) =>
      run(root, [
        "prove",
        ...["--scenario", "freeze", "--handler", `src/orders.${name}`, ...events, "--expect", "spans=2"],
        ...["--", process.execPath],
      ]);
    const patient = await freeze("patient");
    expect(patient.exitCode).toBe(0);
    expect(patient.stdout).toContain("ended:    frozen");
    expect(patient.stdout).toContain("order 2");
    const lazy = await freeze("lazy");
    expect(lazy.exitCode).toBe(1);
    expect(lazy.stdout).toContain("Telemetry was lost.");
  }, 30_000);

  it("says what it cannot read or start", async () => {
    const root = project({});
    const missing = await run(root, ["prove", "--", "no-such-program"]);
    expect([missing.exitCode, missing.stdout]).toEqual([2, ""]);
    expect(missing.stderr).toContain("no-such-program could not be started");
    const wrong = await run(root, ["prove", "--expect", "spans", "--", "node"]);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain("It must be <signal>=<count>, with one of spans,");
    const event = await run(root, ["prove", "--invoke", "{", "--", "node"]);
    expect(event.exitCode).toBe(2);
    expect(event.stderr).toContain("It must be JSON, or a path");
  });
});
