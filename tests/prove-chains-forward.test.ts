import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { stage } from "../src/prove/staging.js";
import { pool } from "./support/pool.js";

const home = path.resolve(import.meta.dirname, "..");
const cases = path.join(home, "fixtures/no-broken-interceptor");
const inTurn = pool(2);
const patience = 120_000;

/** Runs a driver over a program, and gives what it tells; `undefined` when it ends without a word. */
async function told(
  layers: readonly [string, ...string[]],
  driver: string,
  ...args: string[]
): Promise<unknown> {
  const staged = stage(layers);
  onTestFinished(() => {
    staged.remove();
  });
  const file = path.join(home, "tests/prove-programs/forward", `${driver}.mjs`);
  return inTurn(async () => {
    const child = fork(file, args, {
      cwd: staged.directory,
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    let said: unknown;
    child.on("message", (message) => {
      said = message;
    });
    await once(child, "exit");
    return said;
  });
}

/** What a program tells before its repair, and after it. */
async function beforeAndAfter(name: string, driver: string, ...args: string[]): Promise<[unknown, unknown]> {
  const before = path.join(cases, name, "before");
  return Promise.all([
    told([before], driver, ...args),
    told([before, path.join(cases, name, "after")], driver, ...args),
  ]);
}

describe("a wrapper hands on what it wraps, and the telemetry is exported", () => {
  it.concurrent(
    "`emit` of shimmer says whether anybody listens",
    async () => {
      const spans = [{ name: "upgrade", events: [], attributes: {} }];
      expect(await beforeAndAfter("emit-inside-a-span", "emit")).toEqual([
        { heard: null, other: false, spans },
        { heard: true, other: false, spans },
      ]);
    },
    patience,
  );

  it.concurrent(
    "requests of node:http are made without a span as well",
    async () => {
      const spans = [{ name: "traced", events: [], attributes: { "http.status": 200 } }];
      const [before, after] = await beforeAndAfter("request-forgotten-without-a-span", "request");
      expect(before).toMatchObject({ traced: 200, spans });
      expect((before as { untraced: string }).untraced).toContain("undefined");
      expect(after).toEqual({ traced: 200, untraced: 200, spans });
    },
    patience,
  );

  it.concurrent(
    "express waits for a reader that does not read",
    async () => {
      const [before, after] = (await beforeAndAfter("answers-without-back-pressure", "pipe")) as {
        waiting: number;
        received: number;
        counted: number;
      }[];
      expect(before?.waiting).toBe(64);
      expect(after?.waiting).toBeLessThan(32);
      expect(after?.received).toBeGreaterThan(64 << 20);
      expect(after?.counted).toBeGreaterThanOrEqual(64 << 20);
    },
    patience,
  );

  it.concurrent(
    "queries are sent without a span as well",
    async () => {
      const spans = [{ name: "traced", events: ["query"], attributes: {} }];
      expect(await beforeAndAfter("query-only-inside-a-span", "store")).toEqual([
        { traced: "rows of a", untraced: null, spans },
        { traced: "rows of a", untraced: "rows of b", spans },
      ]);
    },
    patience,
  );

  it.concurrent(
    "an instrumentation of OpenTelemetry that is switched off lets messages through",
    async () => {
      const spans = [{ name: "publish", events: [], attributes: {} }];
      expect(await beforeAndAfter("switched-off-and-so-is-the-client", "queue")).toEqual([
        { on: 1, off: null, sent: ["a"], spans },
        { on: 1, off: 2, sent: ["a", "b"], spans },
      ]);
    },
    patience,
  );

  it.concurrent(
    "arguments arrive one by one",
    async () => {
      const spans = [{ name: "send", events: [], attributes: {} }];
      expect(await beforeAndAfter("list-as-one-argument", "cloud")).toEqual([
        { args: [{ "0": "a", "1": 2 }], spans },
        { args: ["a", 2], spans },
      ]);
    },
    patience,
  );

  it.concurrent(
    "the options of `fetch` arrive at the server",
    async () => {
      expect(await beforeAndAfter("fetch-without-its-options", "fetch", "src/fetch.ts")).toEqual([
        { seen: ["GET"], status: 200, measured: 1 },
        { seen: ["POST"], status: 200, measured: 1 },
      ]);
    },
    patience,
  );

  it.concurrent(
    "the response of `fetch` comes back through a proxy",
    async () => {
      expect(await beforeAndAfter("fetch-proxy-without-response", "fetch", "src/monitor.mjs")).toEqual([
        { seen: ["POST"], status: null, measured: 1 },
        { seen: ["POST"], status: 200, measured: 1 },
      ]);
    },
    patience,
  );
});
