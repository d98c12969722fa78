import { realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Load } from "../src/prove/load/load.js";
import { elements, firstText, property } from "../src/prove/receivers/json.js";
import { protocolNamed } from "../src/prove/receivers/index.js";
import type { Item, Protocol } from "../src/prove/receivers/protocol.js";
import { run, type RunResult } from "../src/prove/run.js";
import { stage } from "../src/prove/staging.js";
import { Workspace } from "../src/workspace.js";
import { repairAll } from "./support/repair.js";

const otlp = protocolNamed("otlp-http-json");

/** What was audited: the events with that name, each with its action, on spans that are recorded. */
const audited = (body: unknown): Item[] =>
  elements(body, ["resourceSpans", "scopeSpans", "spans"]).flatMap((span) =>
    elements(span, ["events"])
      .filter((event) => property(event, "name") === "audit")
      .map((event) => {
        const action = elements(event, ["attributes"]).find((a) => property(a, "key") === "action");
        const name = `${String(property(span, "name"))}: ${firstText([property(property(action, "value"), "stringValue")], "?")}`;
        return { signal: "events", name };
      }),
  );

/** Spans as the collector hears of them, and the audit events on them. */
const receiver: Protocol = {
  ...otlp,
  decode: (request) => [...otlp.decode(request), ...audited(JSON.parse(request.body.toString("utf8")))],
};

interface Twin {
  name: string;
  command: string[];
  load: Load;
  spans: string[];
  audits: string[];
}

const twins: Twin[] = [
  {
    name: "in-process-channel-cast-back-to-its-class",
    command: ["--import", "tsx", "src/main.ts"],
    load: { paths: ["/flags/dark-mode/update", "/flags/beta/update"] },
    spans: ["flags/update", "flags/update"],
    audits: ["flags/update: updated", "flags/update: updated"],
  },
  {
    name: "grpc-server-in-front-of-an-intercepted-channel",
    command: ["server.mjs"],
    load: { protocol: "grpc", paths: ["/flags.Flags/Create", "/flags.Flags/Remove"] },
    spans: ["/flags.Flags/Create", "/flags.Flags/Remove"],
    audits: ["/flags.Flags/Create: created", "/flags.Flags/Remove: removed"],
  },
];

const before = ({ name }: Twin): string =>
  join(import.meta.dirname, "../fixtures/no-channel-type-change", name, "before");

/** Runs a twin in a copy of its own, as it is or after every repair that is offered for it. */
async function ranOnce(twin: Twin, tracing: "on" | "off", repaired: boolean): Promise<RunResult> {
  const staged = stage([before(twin)]);
  try {
    const cwd = realpathSync(staged.directory);
    if (repaired) await repairAll(cwd);
    return await run({
      command: [process.execPath, ...twin.command],
      cwd,
      scenario: "sigterm",
      protocols: [receiver],
      collector: "accept",
      deadlineMillis: 15_000,
      env: { ...process.env, TRACING: tracing },
      load: twin.load,
    });
  } finally {
    staged.remove();
  }
}

const named = ({ received }: RunResult, signal: Item["signal"]): string[] =>
  received
    .filter((item) => item.signal === signal)
    .map(({ name }) => name)
    .sort();

describe.each(twins)("$name", (twin) => {
  it("is reported once", () => {
    const { findings } = Workspace.open({ root: before(twin), cacheDir: false }).analyse();
    expect(findings.map(({ rule, check, fix }) => ({ rule, check, fix }))).toEqual([
      { rule: "no-channel-type-change", check: "concrete-use", fix: "review" },
    ]);
  });

  it("crashes at its start with tracing on", async () => {
    const { exitCode, signalled, stderr, received } = await ranOnce(twin, "on", false);
    expect(stderr).toContain("registerService is not a function");
    expect({ exitCode, signalled, received }).toEqual({ exitCode: 1, signalled: false, received: [] });
  }, 60_000);

  it("answers every request with tracing off, as it always did", async () => {
    for (const repaired of [false, true]) {
      const result = await ranOnce(twin, "off", repaired);
      expect(result).toMatchObject({ exitCode: 0, unanswered: [], oddities: [] });
      expect(named(result, "events")).toEqual([]);
    }
  }, 120_000);

  it("answers, traces and audits every request after the repair", async () => {
    const result = await ranOnce(twin, "on", true);
    expect(result).toMatchObject({ exitCode: 0, timedOut: false, unanswered: [], oddities: [] });
    expect(named(result, "spans")).toEqual(expect.arrayContaining(twin.spans));
    expect(named(result, "events")).toEqual(twin.audits);
  }, 60_000);
});
