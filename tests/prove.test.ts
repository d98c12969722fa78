import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCase, type Case } from "../src/prove/caseFile.js";
import { proveCase } from "../src/prove/prove.js";
import { pool } from "./support/pool.js";

const root = join(import.meta.dirname, "../fixtures");

function runnableCases(): Case[] {
  return readdirSync(root).flatMap((rule) =>
    readdirSync(join(root, rule))
      .map((name) => join(root, rule, name))
      .filter((directory) => existsSync(join(directory, "case.json")))
      .map(readCase)
      .filter((found) => found.run !== undefined),
  );
}

const cases = runnableCases();
const bad = cases.filter((found) => found.kind === "bad" && existsSync(join(found.directory, "after")));
const lookalikes = cases.filter((found) => found.kind === "lookalike");
const inTurn = pool(3);
const patience = 240_000;

describe("runnable cases", () => {
  it("cover every way a program ends and every way a collector fails", () => {
    const scenarios = new Set(bad.map(({ run }) => run?.scenario));
    expect([...scenarios].sort()).toEqual(["exit", "natural-end", "rejection", "sigint", "sigterm", "throw"]);
    const collectors = bad.flatMap(({ run }) => run?.also?.map((other) => other.collector) ?? []);
    expect(collectors).toContain("refuse");
    expect(collectors).toContain("silent");
    expect(bad.length).toBeGreaterThanOrEqual(14);
  });

  it.concurrent.each(bad.map((found) => [found.name, found] as const))(
    "%s loses telemetry before its repair and none after",
    async (_name, found) => {
      const proof = await inTurn(() => proveCase(found));
      expect(proof.failures).toEqual([]);
    },
    patience,
  );

  it.concurrent.each(lookalikes.map((found) => [found.name, found] as const))(
    "%s loses nothing as it is",
    async (_name, found) => {
      const proof = await inTurn(() => proveCase(found));
      expect(proof.failures).toEqual([]);
    },
    patience,
  );
});
