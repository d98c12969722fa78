import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ESLint, type Linter } from "eslint";
import { afterAll, describe, expect, it } from "vitest";
import { rules } from "../rules/index.js";
import { packageSettings } from "../src/package-settings.js";
import plugin from "../src/plugin.js";
import { readChecks } from "../src/read-checks.js";
import { Workspace } from "../src/workspace.js";
import { run } from "./cli/support.js";

const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-checks-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const program = `import { trace } from "@opentelemetry/api";

export const flush = () => trace.getTracerProvider().forceFlush();
`;
const rule = "no-channel-type-change";
const check = "global-provider";

/** A project whose manifest switches the check, or says nothing of it. */
function project(name: string, checks?: Record<string, Record<string, boolean>>): string {
  const folder = path.join(root, name);
  mkdirSync(path.join(folder, ".git"), { recursive: true });
  const manifest = { name, type: "module", ...(checks ? { "telemetry-fix": { checks } } : {}) };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(folder, "flush.js"), program);
  return folder;
}

async function linted(folder: string, options?: object): Promise<string[]> {
  const level: Linter.RuleEntry = options ? ["error", options] : "error";
  const linter = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [{ plugins: { telemetry: plugin }, rules: { [`telemetry/${rule}`]: level } }],
  });
  const results = await linter.lintFiles(["."]);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, messageId }) => `${String(line)} ${String(messageId)}`),
  );
}

async function checked(folder: string): Promise<(string | undefined)[]> {
  const { stdout } = await run(folder, ["check", "--format", "json"], {
    openAnalyser: (options) => Workspace.open({ ...options, cacheDir: false }),
  });
  const { findings } = JSON.parse(stdout) as { findings: { check?: string }[] };
  return findings.map((finding) => finding.check);
}

describe("a check of a rule", () => {
  it("is named by the finding, in the JSON contract and as the id of the linter's message", async () => {
    const folder = project("named");
    expect(await checked(folder)).toEqual([check]);
    expect(await linted(folder)).toEqual([`3 ${check}`]);
  });

  it("is switched off by the manifest, in every host", async () => {
    const folder = project("by-manifest", { [rule]: { [check]: false } });
    expect(await checked(folder)).toEqual([]);
    expect(await linted(folder)).toEqual([]);
  });

  it("is switched by the option of the linter, which wins over the manifest", async () => {
    expect(await linted(project("by-option"), { checks: { [check]: false } })).toEqual([]);
    const off = project("by-both", { [rule]: { [check]: false } });
    expect(await linted(off, { checks: { [check]: true } })).toEqual([`3 ${check}`]);
  });

  it("of strict alone is switched on by its name", () => {
    const strict = rules.flatMap((r) => (r.checks ?? []).filter((c) => c.strict).map((c) => [r.name, c.id]));
    expect(strict.length).toBeGreaterThan(0);
    for (const [name = "", id = ""] of strict)
      expect(readChecks({ [name]: { [id]: true } }, "checks")).toEqual({ [name]: { [id]: true } });
  });

  it("has a name that no other check of its rule has, and a summary", () => {
    for (const { name, checks = [] } of rules) {
      expect(new Set(checks.map(({ id }) => id)).size, name).toBe(checks.length);
      for (const { summary } of checks) expect(summary).toMatch(/^[A-Z`].+\.$/);
    }
  });
});

describe("settings of checks that nobody can mean", () => {
  const wrong: [unknown, string][] = [
    [[], "checks must be { [rule]: { [check]: true or false } }"],
    [{ "no-exit-before-flush": {} }, "checks: no-exit-before-flush has no checks"],
    [{ [rule]: true }, `checks.${rule} must be { [check]: true or false }`],
    [{ [rule]: { "global-providers": false } }, `checks.${rule}: global-providers is no check`],
    [{ [rule]: { [check]: "off" } }, `checks.${rule}.${check} must be true or false`],
  ];

  it.each(wrong)("%j", (value, message) => {
    expect(() => readChecks(value, "checks")).toThrow(message);
  });

  it("are told by the manifest that holds them", () => {
    const folder = project("wrong", { [rule]: { unknown: false } });
    expect(() => packageSettings(folder)).toThrow('"telemetry-fix" in package.json: checks');
  });
});
