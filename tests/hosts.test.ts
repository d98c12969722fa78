import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import plugin from "../src/plugin.js";
import { Workspace } from "../src/workspace.js";
import { run } from "./cli/support.js";
import { build } from "./support/build.js";
import { type FixtureCase, loadCases, unpack } from "./support/fixtures.js";

/** What a host says about the cases: by name of the case, sorted lines `<file>:<line>:<column> <rule>: <message>`. */
type Told = Map<string, string[]>;

const cases = loadCases();
const sources = "**/*.{js,jsx,mjs,cjs,es6,ts,tsx,mts,cts}";
/** Holds all cases, each as a repository of its own, so that a linter sees them in one run. */
let root: string;
let eslint: Told;
let oxlint: Told;

function repository(fixture: FixtureCase): string {
  return path.join(root, fixture.name);
}

/** Linters are given no manifests. */
const isSource = (line: string): boolean => /^[^:]+\.(?:[cm]?[jt]sx?|es6):\d/.test(line);
/** The endings that oxlint reads cannot be added to. */
const isReadByOxlint = (line: string): boolean => !/^[^:]+\.es6:/.test(line);

/** Adds a finding to the case that its file belongs to. */
function tell(told: Told, file: string, line: number, column: number, rule: string, message: string): void {
  const [ruleFolder, caseFolder, ...inside] = path.relative(root, file).split(path.sep);
  const name = `${String(ruleFolder)}/${String(caseFolder)}`;
  const lines = told.get(name) ?? [];
  told.set(name, lines);
  lines.push(`${inside.join("/")}:${String(line)}:${String(column)} ${rule}: ${message}`);
  lines.sort();
}

async function lintWithEslint(): Promise<Told> {
  const linter = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      { files: [sources], languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } },
      { files: ["**/*.{ts,tsx,mts,cts}"], languageOptions: { parser: tseslint.parser } },
      plugin.configs.recommended,
    ],
  });
  const told: Told = new Map();
  for (const { filePath, messages } of await linter.lintFiles(["."])) {
    for (const { line, column, ruleId, message } of messages)
      tell(told, filePath, line, column, String(ruleId).replace("telemetry/", ""), message);
  }
  return told;
}

interface OxlintReport {
  diagnostics: {
    code?: string;
    message: string;
    filename: string;
    labels: { span: { line: number; column: number } }[];
  }[];
}

function lintWithOxlint(dist: string): Told {
  const config = path.join(root, ".oxlintrc.json");
  writeFileSync(
    config,
    JSON.stringify({
      jsPlugins: [{ name: "telemetry", specifier: path.join(dist, "src", "plugin.js") }],
      plugins: [],
      categories: { correctness: "off" },
      rules: plugin.configs.recommended.rules,
    }),
  );
  const bin = path.resolve(import.meta.dirname, "../node_modules/oxlint/bin/oxlint");
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "--format", "json", "."], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (status !== 1) throw new Error(`oxlint ended with ${String(status)}: ${stderr || stdout}`);
  const told: Told = new Map();
  for (const { code, message, filename, labels } of (JSON.parse(stdout) as OxlintReport).diagnostics) {
    const { line = 0, column = 0 } = labels[0]?.span ?? {};
    const rule = /^telemetry\((.+)\)$/.exec(code ?? "")?.[1] ?? String(code);
    tell(told, path.resolve(root, filename), line, column, rule, message);
  }
  return told;
}

async function check(fixture: FixtureCase): Promise<string[]> {
  const { stdout, stderr } = await run(repository(fixture), ["check", "--format", "json"], {
    openAnalyser: (options) => Workspace.open({ ...options, cacheDir: false }),
  });
  expect(stderr).toBe("");
  const { findings } = JSON.parse(stdout) as {
    findings: { file: string; line: number; column: number; rule: string; message: string }[];
  };
  const told: Told = new Map();
  for (const { file, line, column, rule, message } of findings)
    tell(told, path.join(repository(fixture), file), line, column, rule, message);
  return told.get(fixture.name) ?? [];
}

beforeAll(async () => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-hosts-")));
  for (const fixture of cases) {
    mkdirSync(path.join(repository(fixture), ".git"), { recursive: true });
    unpack(fixture, repository(fixture));
  }
  eslint = await lintWithEslint();
  oxlint = lintWithOxlint(build());
}, 300_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("one fixture gives the same findings in all three hosts", () => {
  it.each(cases)("$name", async (fixture) => {
    const all = await check(fixture);
    expect(all.length > 0).toBe(fixture.kind === "bad");
    const told = all.filter((line) => isSource(line));
    expect(eslint.get(fixture.name) ?? []).toEqual(told);
    expect(oxlint.get(fixture.name) ?? []).toEqual(told.filter((line) => isReadByOxlint(line)));
  });
});
