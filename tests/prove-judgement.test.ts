import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readCase, type CaseRun } from "../src/prove/caseFile.js";
import { proveCase, runRepaired } from "../src/prove/prove.js";

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

  it("freezes a handler when it has answered, and wakes it for the next invocation", async () => {
    const lazy = `export const run = async () => void (async () => { ${send} })();`;
    const patient = `export const run = async () => { ${send} };`;
    const frozen: Partial<CaseRun> = {
      command: [process.execPath],
      scenario: "freeze",
      handler: "main.run",
      exitCode: null,
      signal: "SIGKILL",
    };
    expect((await proveCase(caseOf(lazy, patient, frozen))).failures).toEqual([]);
    const each = { invocations: [1, 2], expected: { spans: ["work", "work"] } };
    expect((await proveCase(caseOf(lazy, patient, { ...frozen, ...each }))).failures).toEqual([]);
    const broken = await proveCase(caseOf("throw new Error()", patient, frozen));
    expect(broken.failures).toContain("before: ended before it had answered");
  }, 30_000);

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

  it("holds the repaired program to the requests it was working on", async () => {
    const server = (ending: string): string => `import { createServer } from "node:http";
const server = createServer((req, res) => {
  console.log("begin " + req.url);
  const millis = { "/events": 60_000, "/slow": 5000 }[req.url] ?? 200;
  setTimeout(() => res.writeHead(req.url === "/bad" ? 500 : 200).end("ok"), millis);
});
server.listen(0, "127.0.0.1", () => console.log("ready on port " + server.address().port));
process.once("SIGTERM", async () => {
  ${ending}
  process.exit(0);
});
`;
    const drains = server(`await new Promise((resolve) => setTimeout(resolve, 400));\n${send}`);
    const run: Partial<CaseRun> = { scenario: "sigterm" };
    const loads = (paths: string[]): Partial<CaseRun> => ({ ...run, load: { paths, endless: ["/events"] } });
    expect((await proveCase(caseOf(server(""), drains, loads(["/a", "/b"])))).failures).toEqual([]);
    expect((await proveCase(caseOf(server(""), drains, loads(["/bad", "/b"])))).failures).toEqual([
      "after: leaves a request unanswered: /bad: status 500",
    ]);
    expect((await proveCase(caseOf(server(""), server(send), loads(["/slow"])))).failures).toEqual([
      "after: leaves a request unanswered: /slow: ECONNRESET",
    ]);
    // Requests alone are no telemetry.
    expect((await proveCase(caseOf(server(send), drains, loads(["/a"])))).failures).toEqual([
      "before: loses nothing and ends as it should",
    ]);
  });

  it("sends the signal a second time, which must end the program at once", async () => {
    const listening = (method: string, ending: string): string =>
      `process.${method}("SIGTERM", () => { ${ending} }); setInterval(() => {}, 99); console.log("ready");`;
    const faults = async (after: string): Promise<string[]> => {
      const circumstance = { collector: "silent", deadlineMillis: 600, secondSignalMillis: 200 } as const;
      return (await runRepaired(caseOf("", after, { scenario: "sigterm" }), circumstance)).faults;
    };
    expect(await faults(listening("once", ""))).toEqual([]);
    expect(await faults(listening("once", "process.exit(0)"))).toEqual([
      "ended before its signal was sent",
      "ended with exit code 0 instead of signal SIGTERM",
    ]);
    expect((await faults(listening("on", ""))).join()).toMatch(/^was still running after \d+ ms$/);
  });

  it("counts with a slow collector only what its sender waited for", async () => {
    const leaves = send.replace("await", "setTimeout(() => process.exit(0), 200);\nawait");
    const proof = await proveCase(caseOf(leaves, send, { collector: { slowMillis: 500 } }));
    expect(proof.failures).toEqual([]);
    expect(proof.before.faults).toEqual(["loses 1 spans (work)"]);
  });

  it("lets a collector come late by the signal, and then counts what arrives", async () => {
    const waiting = (millis: number): string => `process.once("SIGTERM", async () => {
  await new Promise((resolve) => setTimeout(resolve, ${millis}));
  ${send}
  process.exit(0);
});
setInterval(() => {}, 99);
setTimeout(() => console.log("ready"), 300);`;
    const late = { collector: { lateMillis: 1000, from: "signal" }, deadlineMillis: 5000 } as const;
    const found = caseOf("", waiting(1500), { scenario: "sigterm" });
    expect((await runRepaired(found, late)).faults).toEqual([]);
    const early = caseOf("", waiting(0), { scenario: "sigterm" });
    expect((await runRepaired(early, late)).faults).toEqual(["loses 1 spans (work)"]);
  });

  it("refuses a case.json that lacks what a case needs", () => {
    const found = caseOf("", "");
    writeFileSync(join(found.directory, "case.json"), '{ "title": "t", "distilledFrom": "d" }');
    expect(() => readCase(found.directory)).toThrow('kind is "bad" or "lookalike"');
    writeFileSync(join(found.directory, "case.json"), "{");
    expect(() => readCase(found.directory)).toThrow("cannot be read");
  });
});
