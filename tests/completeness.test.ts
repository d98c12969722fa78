import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../rules/index.js";
import plugin from "../src/plugin.js";
import { loadCases } from "./support/fixtures.js";

const home = path.resolve(import.meta.dirname, "..");
const cases = loadCases();

interface ConfigPart {
  rules?: Record<string, unknown>;
}

function rulesOf(config: ConfigPart | ConfigPart[]): string[] {
  return [config].flat().flatMap((part) => Object.keys(part.rules ?? {}));
}

/** The text of one section of a rule's page. */
function section(rule: string, heading: string): string {
  const page = readFileSync(path.join(home, "docs/rules", `${rule}.md`), "utf8");
  const [, text = ""] = page.split(`\n## ${heading}\n`);
  return (text.split("\n## ")[0] ?? "").trim();
}

function named(folder: string): string[] {
  return readdirSync(path.join(home, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => path.basename(entry.name, ".ts"));
}

describe("every rule", () => {
  it("has a name of its own and a file of that name", () => {
    const names = rules.map((rule) => rule.name);
    expect(new Set(names).size).toBe(names.length);
    expect(
      named("rules")
        .filter((name) => name !== "index")
        .sort(),
    ).toEqual([...names].sort());
  });

  it.each(rules)("$name has a page", ({ name }) => {
    expect(existsSync(path.join(home, "docs/rules", `${name}.md`))).toBe(true);
  });

  it.each(rules)("$name has fixtures of both kinds", ({ name }) => {
    const own = cases.filter((fixture) => fixture.rule === name);
    expect(own.filter(({ kind }) => kind === "bad").length).toBeGreaterThanOrEqual(15);
    expect(own.filter(({ kind }) => kind === "lookalike").length).toBeGreaterThanOrEqual(15);
  });

  it.each(rules)("$name is in the configs that its level says", ({ name, recommended }) => {
    const { configs } = plugin;
    expect(Object.keys(plugin.rules)).toContain(name);
    expect(rulesOf(configs.strict)).toContain(`telemetry/${name}`);
    expect(rulesOf(configs.recommended).includes(`telemetry/${name}`)).toBe(recommended);
  });

  it.each(rules)("$name has a codemod, or its page says why there is none", ({ name, fixable }) => {
    expect(existsSync(path.join(home, "codemods", `${name}.ts`))).toBe(fixable);
    expect(section(name, "Repairs").length).toBeGreaterThan(40);
  });
});

describe("nothing is left over", () => {
  const names = new Set(rules.map((rule) => rule.name));

  it("among the fixtures", () => {
    expect([...new Set(cases.map(({ rule }) => rule))].filter((rule) => !names.has(rule))).toEqual([]);
  });

  it("in what the fixtures expect", () => {
    const expected = cases.flatMap(({ expect: list }) => list.map(({ rule }) => rule));
    expect([...new Set(expected)].filter((rule) => !names.has(rule))).toEqual([]);
  });
});
