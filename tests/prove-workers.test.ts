import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCollector, type Collector } from "../src/prove/receivers/collector.js";
import { posthog } from "../src/prove/receivers/posthog.js";
import { sentry } from "../src/prove/receivers/sentry.js";
import { startWorker, type RunningWorker } from "./support/worker.js";

const programs = join(import.meta.dirname, "prove-programs/workers");

/** How long what a Worker does after its answer may take to arrive. */
const patience = 1500;

/** A Worker with its collector; `arrived` asks it for a path and tells whether what it then captures arrives. */
function worker(program: string, prefix: string) {
  let collector: Collector;
  let running: RunningWorker;
  beforeAll(async () => {
    collector = await startCollector([posthog, sentry], "accept");
    const bindings = { COLLECTOR: collector.url, ...sentry.env(collector.url) };
    running = await startWorker(join(programs, program), bindings);
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    await collector.close();
  });
  return async (path: string): Promise<{ status: number; arrived: boolean }> => {
    const { status } = await fetch(`${running.url}/${path}`);
    const arrived = (): boolean => collector.arrivals.some(({ name }) => name === `${prefix} ${path}`);
    for (const end = Date.now() + patience; !arrived() && Date.now() < end;) await sleep(20);
    expect(collector.oddities).toEqual([]);
    return { status, arrived: arrived() };
  };
}

describe("PostHog in a Worker", () => {
  const ask = worker("posthog.mjs", "ordered");

  it.each(["awaited", "waitUntil", "option"])("delivers with %s", async (way) => {
    expect(await ask(way)).toEqual({ status: 200, arrived: true });
  });

  it.each(["nothing", "flushAtOne", "floating"])("loses with %s", async (way) => {
    expect(await ask(way)).toEqual({ status: 200, arrived: false });
  });
});

describe("Sentry's wrapper of a Worker", () => {
  const ask = worker("sentry.mjs", "failed");

  it.each(["captured", "waitUntil"])("delivers what is %s", async (way) => {
    expect(await ask(way)).toEqual({ status: 200, arrived: true });
  });

  it("delivers what is thrown", async () => {
    expect(await ask("thrown")).toEqual({ status: 500, arrived: true });
  });

  it("loses what is captured when nobody waits any more", async () => {
    expect(await ask("later")).toEqual({ status: 200, arrived: false });
  });
});
