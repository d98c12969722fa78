import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readCase, type CaseRun } from "../src/prove/caseFile.js";
import { proveCase } from "../src/prove/prove.js";

const send = `await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: "work" }] }] }] }),
}).catch(() => {});
`;

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function caseOf(before: string, after: string, run: Partial<CaseRun> = {}, kind = "bad") {
  const folder = mkdtempSync(join(tmpdir(), "prove-judgement-"));
  folders.push(folder);
  const files = {
    "before/main.mjs": before,
    "after/main.mjs": after,
    "case.json": JSON.stringify({
      title: "t",
      distilledFrom: "d",
      kind,
      expect: [],
      run: {
        command: [process.execPath, "main.mjs"],
        scenario: "exit",
        receiver: "otlp-http-json",
        expected: { spans: ["work"] },
        exitCode: 0,
        signal: null,
        deadlineMillis: 5000,
        ...run,
      },
    }),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return readCase(folder);
}

describe("proveCase", () => {
  it("holds when the repair keeps what was lost", async () => {
    const proof = await proveCase(caseOf("", send));
    expect(proof.failures).toEqual([]);
    expect(proof.before.faults).toEqual(["loses 1 spans (work)"]);
  });

  it("fails when the repair still loses", async () => {
    const proof = await proveCase(caseOf("", ""));
    expect(proof.failures).toEqual(["after: loses 1 spans (work)"]);
  });

  it("fails when there was nothing to repair", async () => {
    const proof = await proveCase(caseOf(send, send));
    expect(proof.failures).toEqual(["before: loses nothing and ends as it should"]);
  });

  it("fails when the repair changes the exit code, whatever the case says", async () => {
    const changed = `${send}process.exitCode = 1;`;
    const proof = await proveCase(caseOf("", changed, { exitCode: 1 }));
    expect(proof.failures).toEqual(["after: ended with exit code 1, before with exit code 0"]);
  });

  it("fails when the repair outlives its deadline or ends by a signal", async () => {
    const hangs = await proveCase(caseOf("", `${send}setInterval(() => {}, 99);`, { deadlineMillis: 1500 }));
    expect(hangs.failures.join()).toMatch(/after: was still running after \d+ ms/);
    const killed = await proveCase(caseOf("", `${send}process.kill(process.pid, "SIGTERM");`));
    expect(killed.failures[0]).toBe("after: ended with signal SIGTERM instead of exit code 0");
  });

  it("holds when what hung before ends as the case says", async () => {
    const before = `${send}setInterval(() => {}, 99);`;
    const proof = await proveCase(caseOf(before, send, { deadlineMillis: 1500 }));
    expect(proof.failures).toEqual([]);
  });

  it("holds a lookalike to losing nothing", async () => {
    expect((await proveCase(caseOf(send, "", {}, "lookalike"))).failures).toEqual([]);
    expect((await proveCase(caseOf("", "", {}, "lookalike"))).failures).toEqual(["loses 1 spans (work)"]);
  });

  it("reports a program that ended before its signal could be sent", async () => {
    const proof = await proveCase(caseOf("", send, { scenario: "sigterm" }));
    expect(proof.failures).toContain("after: ended before its signal was sent");
  });

  it("delivers to a late collector only once it is up", async () => {
    const patient = `const end = Date.now() + 4000;
while (Date.now() < end) {
  const sent = await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/logs", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  }).then(() => true, () => false);
  if (sent) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
${send}`;
    const proof = await proveCase(caseOf(send, patient, { collector: { lateMillis: 600 } }));
    expect(proof.failures).toEqual([]);
    expect(proof.after?.result.durationMillis).toBeGreaterThan(600);
  });

  it("refuses a case.json that lacks what a case needs", () => {
    const found = caseOf("", "");
    writeFileSync(join(found.directory, "case.json"), '{ "title": "t", "distilledFrom": "d" }');
    expect(() => readCase(found.directory)).toThrow('kind is "bad" or "lookalike"');
    writeFileSync(join(found.directory, "case.json"), "{");
    expect(() => readCase(found.directory)).toThrow("cannot be read");
  });
});
