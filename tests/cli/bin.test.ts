import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "../support/build.js";
import { project } from "./support.js";

let bin: string;

beforeAll(() => {
  bin = join(build(), "src", "cli", "bin.js");
});

interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs the real process with pipes; `leaveAfter` closes our end of stdout after so many bytes. */
function start(
  cwd: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  leaveAfter = Infinity,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, ...env } });
    const ended: Ended = { exitCode: null, signal: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      ended.stdout += chunk;
      if (ended.stdout.length > leaveAfter) child.stdout.destroy();
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (ended.stderr += chunk));
    child.stdin.end();
    child.on("close", (exitCode, signal) => resolve({ ...ended, exitCode, signal }));
  });
}

/** The files that a run loads, told by V8. */
async function loadedBy(cwd: string, args: string[]): Promise<string[]> {
  const coverage = project({});
  await start(cwd, args, { NODE_V8_COVERAGE: coverage });
  return readdirSync(coverage).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(coverage, file), "utf8")) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url);
  });
}

const exits = 1500;
const manyExits = `import * as Sentry from "@sentry/node";
Sentry.init({});
await fetch("https://example.org/");
Sentry.captureMessage("started");
switch (process.argv.length) {
${Array.from({ length: exits }, (_, at) => `  case ${at}: process.exit(${at});`).join("\n")}
}
`;

describe("the process", () => {
  it("writes a long report whole into a pipe", async () => {
    const root = project({ "package.json": '{ "main": "a.mjs" }', "a.mjs": manyExits });
    const { exitCode, stdout, stderr } = await start(root, ["check", "--format", "json"]);
    expect([exitCode, stderr]).toEqual([1, ""]);
    expect(stdout.length).toBeGreaterThan(500_000);
    expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toHaveLength(exits);
  });

  it("bears a reader who leaves early", async () => {
    const root = project({ "package.json": '{ "main": "a.mjs" }', "a.mjs": manyExits });
    const { exitCode, signal, stderr } = await start(root, ["check", "--format", "json"], {}, 100);
    expect([exitCode, signal, stderr]).toEqual([1, null, ""]);
  });

  it("neither waits for an answer nor writes where nobody sits at a terminal", async () => {
    const source = `import * as Sentry from "@sentry/node";\nSentry.init({});\nSentry.captureMessage("x");\nprocess.exit(1);\n`;
    const root = project({ "package.json": '{ "main": "a.mjs" }', "a.mjs": source });
    const { exitCode } = await start(root, []);
    expect(exitCode).toBe(1);
    expect(readFileSync(join(root, "a.mjs"), "utf8")).toBe(source);
  });

  it("loads no parser for help, and neither TypeScript nor ESLint to check", async () => {
    const root = project({ "a.mjs": "export {};\n" });
    const help = await loadedBy(root, ["--help"]);
    expect(help.some((url) => url.endsWith("/cli/main.js"))).toBe(true);
    expect(help.filter((url) => /oxc-parser|knowledge|node_modules\/(?:yaml|diff)\//.test(url))).toEqual([]);
    const check = await loadedBy(root, ["check"]);
    expect(check.some((url) => url.endsWith("/workspace.js"))).toBe(true);
    expect(
      check.filter((url) =>
        /node_modules\/(?:typescript|ts-morph|eslint|@typescript-eslint|@eslint)\//.test(url),
      ),
    ).toEqual([]);
  });

  it.each([
    ["brackets", "[", "]"],
    ["functions", "function f() {", "}"],
    ["arrow functions", "() => ", ""],
    ["calls in a chain", "", ".c()"],
  ])("outlives source that is nested deeply: %s", async (_, open, close) => {
    const expression = `${open.repeat(20_000)}{}${close.repeat(20_000)}`;
    const root = project({
      "package.json": '{ "main": "a.mjs" }',
      "a.mjs":
        'import * as Sentry from "@sentry/node";\nSentry.init({});\nSentry.captureMessage("x");\nprocess.exit(1);\n',
      "b.mjs": `import * as Sentry from "@sentry/node";\nSentry.init({});\nconst x = ${expression};\nprocess.exit(1);\n`,
    });
    const { signal, exitCode, stdout } = await start(root, ["check"]);
    expect([signal, exitCode]).toEqual([null, 1]);
    expect(stdout).toContain("a.mjs\n  4:1  error");
    expect(stdout).toMatch(/b\.mjs {2}unparsable {2}.*nested/);
  });

  it("names a working directory that is gone", async () => {
    const root = project({});
    const script = `rm -rf "${root}" && "${process.execPath}" "${bin}" check; echo $?`;
    const output = execFileSync("sh", ["-c", `cd "${root}" && { ${script}; } 2>&1`], { encoding: "utf8" });
    expect(output).toContain("the working directory does not exist any more\n2\n");
  });

  it("colours only where somebody looks", async () => {
    const root = project({});
    const said = async (env: NodeJS.ProcessEnv) => {
      const { stdout } = await start(root, ["check"], {
        FORCE_COLOR: undefined,
        NO_COLOR: undefined,
        ...env,
      });
      return stdout;
    };
    const color = "\u001b[32m";
    expect(await said({ FORCE_COLOR: "1" })).toContain(color);
    expect(await said({ FORCE_COLOR: "1", NO_COLOR: "1" })).not.toContain(color);
    expect(await said({ CI: "true" })).not.toContain(color);
  });
});
