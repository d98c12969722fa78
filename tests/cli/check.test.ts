import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openWords, project, run } from "./support.js";

describe("telemetry-fix check", () => {
  it("is clean where nothing is found", async () => {
    const root = project({ "a.ts": "export {};\n" });
    const { exitCode, stdout, stderr } = await run(root, ["check"]);
    expect(stdout).toBe("No lost telemetry found (1 file, 1 program with telemetry)\n");
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it("shows file, place, level, message, rule, the path that explains it, and a summary", async () => {
    const root = project({ "src/a.ts": "const x = 1;\n  LOSS;\nWARNING;\n" });
    const { exitCode, stdout } = await run(root, ["check"]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe(
      [
        "src/a.ts",
        "  2:3  error  LOSS loses spans  no-exit-before-flush (repair: safe)",
        "      src/a.ts:1:1  OpenTelemetry is started here",
        "  3:1  warning  WARNING loses spans  no-exit-before-flush",
        "      src/a.ts:1:1  OpenTelemetry is started here",
        "",
        "2 findings: 1 error, 1 warning (1 file, 1 program with telemetry)",
        "",
      ].join("\n"),
    );
  });

  it("keeps the JSON contract", async () => {
    const root = project({ "a.ts": "LOSS;\n" });
    const { exitCode, stdout } = await run(root, ["check", "--format", "json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      findings: [
        {
          rule: "no-exit-before-flush",
          level: "error",
          file: "a.ts",
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 5,
          message: "LOSS loses spans",
          fix: "safe",
          why: [{ file: "a.ts", line: 1, column: 1, message: "OpenTelemetry is started here" }],
          fingerprint: "LOSS-a.ts",
        },
      ],
      problems: [],
      summary: { files: 1, programs: 1, durationMs: expect.any(Number), suppressed: 0 },
    });
  });

  it("reports only what the paths select, files one by one as commit hooks pass them", async () => {
    const root = project({
      "src/a.ts": "LOSS;\n",
      "src/b.ts": "LOSS;\n",
      "src2/c.ts": "LOSS;\n",
      "README.md": "",
    });
    const filesOf = async (...paths: string[]) => {
      const { stdout } = await run(root, ["check", "--format", "json", ...paths]);
      return (JSON.parse(stdout) as { findings: { file: string }[] }).findings.map(({ file }) => file);
    };
    expect(await filesOf("src")).toEqual(["src/a.ts", "src/b.ts"]);
    expect(await filesOf("src/b.ts", "src2/", "README.md")).toEqual(["src/b.ts", "src2/c.ts"]);
    expect(await filesOf(join(root, "src/a.ts"))).toEqual(["src/a.ts"]);
    expect(await filesOf("README.md")).toEqual([]);
  });

  it("names a path that is missing, outside, or a pattern", async () => {
    const root = project({ "in/a.ts": "", "out/b.ts": "" });
    const inside = join(root, "in");
    symlinkSync("../out", join(inside, "away"));
    symlinkSync("round", join(inside, "round"));
    const errorOf = async (path: string) => {
      const { exitCode, stdout, stderr } = await run(inside, ["check", path]);
      expect([exitCode, stdout]).toEqual([2, ""]);
      return stderr;
    };
    expect(await errorOf("none.ts")).toBe("telemetry-fix: No such file or folder: none.ts\n");
    expect(await errorOf("src/*.ts")).toContain("leave out the quotes");
    expect(await errorOf("../out/b.ts")).toContain("../out/b.ts is outside");
    expect(await errorOf("away/b.ts")).toContain("away/b.ts is outside");
    expect(await errorOf("round")).toContain("a link that leads back to itself");
  });

  it("rejects arguments that it does not know", async () => {
    const root = project({});
    expect(await run(root, ["check", "--format", "xml"])).toMatchObject({ exitCode: 2, stdout: "" });
    expect((await run(root, ["check", "--format", "xml"])).stderr).toContain("stylish, json");
    expect(await run(root, ["check", "--max-warnings", "few"])).toMatchObject({ exitCode: 2 });
    expect((await run(root, ["--wirte"])).stderr).toContain("--write");
  });

  it("accepts warnings up to --max-warnings, and no error", async () => {
    const warnings = project({ "a.ts": "WARNING;\nWARNING;\n" });
    expect((await run(warnings, ["check"])).exitCode).toBe(1);
    expect((await run(warnings, ["check", "--max-warnings", "1"])).exitCode).toBe(1);
    expect((await run(warnings, ["check", "--max-warnings", "2"])).exitCode).toBe(0);
    const error = project({ "a.ts": "LOSS;\n" });
    expect((await run(error, ["check", "--max-warnings", "2"])).exitCode).toBe(1);
  });

  it("hands --strict on", async () => {
    const root = project({});
    const seen: unknown[] = [];
    const openAnalyser: typeof openWords = (options) => {
      seen.push(options.strict);
      return openWords(options);
    };
    await run(root, ["check"], { openAnalyser });
    await run(root, ["check", "--strict"], { openAnalyser });
    await run(root, ["--strict"], { openAnalyser });
    expect(seen).toEqual([false, true, true]);
  });

  it("exits 2 after a crash, and still reports the rest", async () => {
    const root = project({ "a.ts": "BOOM;\n", "b.ts": "LOSS;\n" });
    const { exitCode, stdout } = await run(root, ["check", "b.ts"]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("LOSS loses spans");
    expect(stdout).toContain("a.ts  crash  a rule crashed");
  });

  it("names unparsable files, and fails only when asked for one of them by name", async () => {
    const root = project({ "a.ts": "<<<< HEAD\n" });
    const whole = await run(root, ["check"]);
    expect(whole.exitCode).toBe(0);
    expect(whole.stdout).toContain("a.ts  unparsable  Unexpected token");
    expect((await run(root, ["check", "a.ts"])).exitCode).toBe(2);
  });

  it("honours comments and the bulk file", async () => {
    const root = project({
      "a.ts": "LOSS; // eslint-disable-line telemetry/no-exit-before-flush -- the job is idempotent\n",
      "b.ts": "LOSS;\n",
      "eslint-suppressions.json": JSON.stringify({
        "b.ts": { "telemetry/no-exit-before-flush": { count: 1 } },
      }),
    });
    const { exitCode, stdout } = await run(root, ["check"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("2 suppressed");
    writeFileSync(join(root, "eslint-suppressions.json"), '{"b.ts": ');
    const broken = await run(root, ["check"]);
    expect(broken.exitCode).toBe(2);
    expect(broken.stderr).toContain("eslint-suppressions.json is not a suppressions file");
  });

  it("lets no file name reach the terminal raw", async () => {
    const root = project({ "a\u001b[2J.ts": "LOSS;\n" });
    const { stdout } = await run(root, ["check"]);
    expect(stdout).toContain("a\\u{1b}[2J.ts");
    expect(stdout).not.toContain("\u001b");
  });

  it("shows progress on a terminal when a run is long, and takes it away", async () => {
    const root = project({});
    const openAnalyser: typeof openWords = async (options) => {
      await new Promise((resolve) => setTimeout(resolve, 750));
      options.onProgress?.(10, 20);
      return openWords(options);
    };
    expect((await run(root, ["check"], { openAnalyser })).stderr).toBe("");
    const { stderr } = await run(root, ["check"], { openAnalyser, isTerminal: true });
    expect(stderr).toBe("\r\u001b[KReading 10 of 20 files\r\u001b[K");
  });
});

describe("telemetry-fix", () => {
  it("prints help and version", async () => {
    const help = await run("/", ["--help"]);
    expect(help.exitCode).toBe(0);
    expect(help.stdout).toContain("Exit codes: 0 nothing found");
    const version = await run("/", ["--version"]);
    expect([version.exitCode, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  it("names a working directory that is gone", async () => {
    const root = project({});
    const { exitCode, stderr } = await run(join(root, "gone"), ["check"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("no such file or directory");
  });

  it("explains rules, and lists them when it does not know one", async () => {
    const unknown = await run("/", ["explain", "no-such-rule"]);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('No rule is named "no-such-rule"');
    const outside = await run("/", ["explain", "../../README"]);
    expect([outside.exitCode, outside.stdout]).toEqual([2, ""]);
  });
});
