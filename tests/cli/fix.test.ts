import { execFileSync } from "node:child_process";
import { chmodSync, lstatSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { committed, git, names, openWords, project, read, run } from "./support.js";

describe("telemetry-fix without --write", () => {
  it("prints a diff that git applies, and writes nothing", async () => {
    const root = committed({ "src/a.ts": "const x = 1;\nLOSS;\n", "b.ts": "\ufeffLOSS;\r\nUNREPAIRED;\r\n" });
    const { exitCode, stdout, stderr } = await run(root, []);
    expect(exitCode).toBe(1);
    expect(git(root, "status", "--porcelain")).toBe("");
    expect(stdout).toContain("--- a/src/a.ts\n+++ b/src/a.ts\n");
    expect(stderr).toContain("2 repairs pending in 2 files: --write applies");
    execFileSync("git", ["apply", "-"], { cwd: root, input: stdout });
    expect(read(root, "src/a.ts")).toBe("const x = 1;\nSAVED;\n");
    expect(read(root, "b.ts")).toBe("\ufeffSAVED;\r\nUNREPAIRED;\r\n");
  });

  it("has nothing to show where nothing is found", async () => {
    const root = project({ "a.ts": "export {};\n" });
    expect(await run(root, [], { answer: true })).toMatchObject({ exitCode: 0, stdout: "", questions: [] });
  });

  it("asks on a terminal, and applies on a yes", async () => {
    const root = committed({ "a.ts": "LOSS;\n" });
    const no = await run(root, [], { answer: false });
    expect(no.questions).toEqual(["Apply 1 repair to 1 file? [y/N] "]);
    expect([no.exitCode, read(root, "a.ts")]).toEqual([1, "LOSS;\n"]);
    const yes = await run(root, [], { answer: true });
    expect([yes.exitCode, read(root, "a.ts")]).toEqual([0, "SAVED;\n"]);
  });

  it("says in the question which files git could not bring back", async () => {
    const root = committed({ "a.ts": "LOSS;\n" });
    writeFileSync(join(root, "a.ts"), "LOSS; // edited\n");
    writeFileSync(join(root, "new.ts"), "LOSS;\n");
    const { questions } = await run(root, [], { answer: true });
    expect(questions[0]).toContain("a.ts has changes that are not committed");
    expect(questions[0]).toContain("new.ts is not tracked by git");
    expect(read(root, "new.ts")).toBe("SAVED;\n");
  });

  it("neither asks nor writes on a dry run, even with --write", async () => {
    const root = project({ "a.ts": "LOSS;\n" });
    const { exitCode, stdout, questions } = await run(root, ["-n", "--write"], { answer: true });
    expect([exitCode, questions]).toEqual([1, []]);
    expect(stdout).toContain("+SAVED;");
    expect(read(root, "a.ts")).toBe("LOSS;\n");
  });

  it("shows repairs to be reviewed only with --unsafe", async () => {
    const root = committed({ "a.ts": "REVIEW;\n" });
    const safe = await run(root, []);
    expect([safe.exitCode, safe.stdout]).toEqual([1, ""]);
    expect(safe.stderr).toContain("1 repair to be reviewed: --unsafe shows");
    expect((await run(root, ["--unsafe"])).stdout).toContain("+SAVED;");
    expect((await run(root, ["--write"])).exitCode).toBe(1);
    expect(read(root, "a.ts")).toBe("REVIEW;\n");
    expect((await run(root, ["--write", "--unsafe"])).exitCode).toBe(0);
    expect(read(root, "a.ts")).toBe("SAVED;\n");
  });
});

describe("telemetry-fix --write", () => {
  it("applies safe repairs, says what is left, and finds nothing the second time", async () => {
    const root = committed({ "a.ts": "LOSS;\nUNREPAIRED;\nLOSS;\n", "b.ts": "LOSS;\n" });
    const first = await run(root, ["--write"]);
    expect([first.exitCode, first.stdout]).toEqual([1, "repaired a.ts\nrepaired b.ts\n"]);
    expect(first.stderr).toContain("3 repairs applied in 2 files");
    expect(read(root, "a.ts")).toBe("SAVED;\nUNREPAIRED;\nSAVED;\n");
    const second = await run(root, ["--write"]);
    expect([second.exitCode, second.stdout]).toEqual([1, ""]);
    expect((await run(root, ["--write", "b.ts"])).exitCode).toBe(0);
    expect(names(root)).toEqual([".git", "a.ts", "b.ts"]);
  });

  it("repairs only what the paths select and no comment silences", async () => {
    const root = committed({ "a.ts": "LOSS;\nLOSS; // eslint-disable-line\n", "b.ts": "LOSS;\n" });
    await run(root, ["--write", "a.ts"]);
    expect(read(root, "a.ts")).toBe("SAVED;\nLOSS; // eslint-disable-line\n");
    expect(read(root, "b.ts")).toBe("LOSS;\n");
  });

  it("keeps byte order mark, line ends and mode", async () => {
    const root = committed({ "a.ts": "\ufeffcall(LINES);\r\nLOSS;\r\n" });
    chmodSync(join(root, "a.ts"), 0o755);
    git(root, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qam", "mode");
    expect((await run(root, ["--write"])).exitCode).toBe(0);
    expect(read(root, "a.ts")).toBe("\ufeffcall(one(),\r\n  two());\r\nSAVED;\r\n");
    expect(statSync(join(root, "a.ts")).mode & 0o777).toBe(0o755);
  });

  it("refuses what git could not bring back, unless told otherwise", async () => {
    const root = committed({ "a.ts": "LOSS;\n", "b.ts": "LOSS;\n", "clean.ts": "LOSS;\n" });
    writeFileSync(join(root, "a.ts"), "LOSS;\nedited;\n");
    git(root, "rm", "-q", "--cached", "b.ts");
    const refused = await run(root, ["--write"]);
    expect([refused.exitCode, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("a.ts has changes that are not committed");
    expect(refused.stderr).toContain("--allow-dirty");
    expect(read(root, "clean.ts")).toBe("LOSS;\n");
    expect((await run(root, ["--write", "clean.ts"])).exitCode).toBe(0);
    expect((await run(root, ["--write", "--allow-dirty"])).exitCode).toBe(0);
    expect(read(root, "a.ts")).toBe("SAVED;\nedited;\n");
  });

  it("refuses outside a repository, because nothing could bring the old text back", async () => {
    const root = project({ "a.ts": "LOSS;\n" });
    const refused = await run(root, ["--write"]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("a.ts is not tracked by git");
    expect((await run(root, ["--write", "--allow-dirty"])).exitCode).toBe(0);
  });

  it("starts no program that the repository's configuration names", async () => {
    const root = committed({ "a.ts": "LOSS;\n", "hook.sh": "#!/bin/sh\ntouch started\n" });
    chmodSync(join(root, "hook.sh"), 0o755);
    git(root, "config", "core.fsmonitor", join(root, "hook.sh"));
    expect((await run(root, ["--write"])).exitCode).toBe(0);
    expect(names(root)).not.toContain("started");
  });

  it.each([
    ["read-only", "is read-only", (root: string) => chmodSync(join(root, "a.ts"), 0o444)],
    [
      "a link",
      "is a link",
      (root: string) => {
        writeFileSync(join(root, "real.txt"), read(root, "a.ts"));
        rmSync(join(root, "a.ts"));
        symlinkSync("real.txt", join(root, "a.ts"));
      },
    ],
    [
      "generated",
      "is generated",
      (root: string) => writeFileSync(join(root, "a.ts"), "// @generated by x\nLOSS;\n"),
    ],
    [
      "marked as generated in words",
      "is generated",
      (root: string) => writeFileSync(join(root, "a.ts"), "/* Code generated by x. DO NOT EDIT. */\nLOSS;\n"),
    ],
  ])("leaves a file alone that is %s", async (_, reason, prepare) => {
    const root = project({ "a.ts": "LOSS;\n" });
    prepare(root);
    const before = read(root, "a.ts");
    const openAnalyser = (options: { root: string }) => {
      const words = openWords(options) as Awaited<ReturnType<typeof openWords>>;
      const finding = { ...words.analyse().findings[0], file: "a.ts" };
      if (words.read("a.ts") !== undefined) return words;
      const linked = { rule: "r", level: "error", line: 1, column: 1, endLine: 1, endColumn: 5 } as const;
      return {
        analyse: () => ({
          findings: [
            { ...finding, ...linked, message: "LOSS", fix: "safe" as const, why: [], fingerprint: "" },
          ],
          problems: [],
          files: 1,
          programs: 1,
        }),
        repair: () => ({
          level: "safe" as const,
          title: "",
          edits: [{ file: "a.ts", start: 0, end: 4, text: "SAVED" }],
        }),
        read: () => before,
      };
    };
    const { exitCode, stderr } = await run(root, ["--write", "--allow-dirty"], { openAnalyser });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(reason);
    expect(read(root, "a.ts")).toBe(before);
    expect(lstatSync(join(root, "a.ts")).isSymbolicLink()).toBe(reason === "is a link");
  });

  it("leaves a file alone that git ignores", async () => {
    const root = committed({ "a.ts": "LOSS;\n", ".gitignore": "made/\n" });
    const made = join(root, "made");
    execFileSync("mkdir", [made]);
    writeFileSync(join(made, "b.ts"), "LOSS;\n");
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("made/b.ts is ignored by git");
    expect([read(root, "a.ts"), read(root, "made/b.ts")]).toEqual(["SAVED;\n", "LOSS;\n"]);
  });

  it("never writes outside the root", async () => {
    const root = committed({ "in/a.ts": "ESCAPING;\n", "outside.ts": "" });
    const { exitCode, stderr } = await run(join(root, "in"), ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("../outside.ts is outside the root");
    expect(read(root, "outside.ts")).toBe("");
  });

  it("takes a repair over several files whole or not at all", async () => {
    const root = committed({ "a.ts": "SPANNING;\n", "other.ts": "// @generated\n", "b.ts": "LOSS;\n" });
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("other.ts is generated");
    expect([read(root, "a.ts"), read(root, "b.ts")]).toEqual(["SPANNING;\n", "SAVED;\n"]);
  });

  it("brings a file, with the line ends of the one that it is made from", async () => {
    const root = committed({ "a.ts": "MAKING;\r\n" });
    const shown = await run(root, ["--dry-run"]);
    expect(shown.stdout).toContain("--- /dev/null\n+++ b/made.ts");
    expect(names(root)).not.toContain("made.ts");
    expect((await run(root, ["--write"])).exitCode).toBe(0);
    expect([read(root, "a.ts"), read(root, "made.ts")]).toEqual(["SAVED;\r\n", "one();\r\ntwo();\r\n"]);
  });

  it.each([
    ["is there already", { "made.ts": "mine;\n" }],
    ["is ignored by git", { ".gitignore": "made.*\n" }],
  ])("brings no file that %s", async (reason, others) => {
    const root = committed({ "a.ts": "MAKING;\n", ...others });
    const before = names(root);
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`made.ts ${reason}`);
    expect(names(root)).toEqual(before);
    expect(read(root, "a.ts")).toBe("MAKING;\n");
  });

  it("takes a file away again when its repair does not hold", async () => {
    const root = committed({ "a.ts": "MAKING_WORSE;\n" });
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("rolled back");
    expect(names(root)).not.toContain("made.ts");
    expect(read(root, "a.ts")).toBe("MAKING_WORSE;\n");
  });

  it("says why there is no repair, where that is known", async () => {
    const root = committed({ "a.ts": "REFUSED;\n" });
    const { exitCode, stderr } = await run(root, []);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("not repaired: a.ts:1 (no-exit-before-flush): the start needs an answer");
  });

  it("shares an edit that two repairs both need", async () => {
    const root = committed({ "a.ts": "SPANNING;\nSPANNING;\n", "other.ts": "" });
    expect((await run(root, ["--write"])).exitCode).toBe(0);
    expect(read(root, "a.ts")).toBe("SAVED;\nSAVED;\n");
    expect(read(root, "other.ts")).toBe("export const other = 1;\n");
  });

  it("leaves out a repair that touches an earlier one, and applies it on the next run", async () => {
    const root = committed({ "a.ts": "LOSS;\nWHOLE;\n" });
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("not repaired: a.ts:2 (no-exit-before-flush): it touches the same code of a.ts");
    expect(read(root, "a.ts")).toBe("SAVED;\nWHOLE;\n");
    expect((await run(root, ["--write", "--allow-dirty"])).exitCode).toBe(0);
    expect(read(root, "a.ts")).toBe("SAVED;\n");
  });

  it("never writes text that would not parse", async () => {
    const root = committed({ "a.ts": "if (BREAKING) {}\nLOSS;\n" });
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("a.ts would no longer parse");
    expect(read(root, "a.ts")).toBe("if (BREAKING) {}\nSAVED;\n");
  });

  it("rolls back a repair after which the finding is still there, and keeps the others", async () => {
    const root = committed({ "a.ts": "LOSS;\ncall(STUBBORN);\nLOSS;\n", "b.ts": "LOSS;\n" });
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("rolled back: the finding was still there after it");
    expect(read(root, "a.ts")).toBe("SAVED;\ncall(STUBBORN);\nSAVED;\n");
    expect(read(root, "b.ts")).toBe("SAVED;\n");
  });

  it("rolls back a repair that brings a finding into another file", async () => {
    const root = committed({ "a.ts": "RELAPSE;\n", "other.ts": "" });
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("rolled back");
    expect([read(root, "a.ts"), read(root, "other.ts")]).toEqual(["RELAPSE;\n", ""]);
  });

  it("rolls everything back when the second analysis crashes", async () => {
    const root = committed({ "a.ts": "LOSS;\n" });
    let opened = 0;
    const openAnalyser: typeof openWords = (options) => {
      if (++opened === 2) throw new Error("second analysis");
      return openWords(options);
    };
    const { exitCode, stderr } = await run(root, ["--write"], { openAnalyser });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("second analysis");
    expect(read(root, "a.ts")).toBe("LOSS;\n");
  });

  it("leaves a file alone that changed after it was read, and says so when it changes later", async () => {
    const root = committed({ "a.ts": "LOSS;\n" });
    const openAnalyser: typeof openWords = (options) => {
      const words = openWords(options);
      writeFileSync(join(root, "a.ts"), "LOSS; // typed meanwhile\n");
      return words;
    };
    const { stderr } = await run(root, ["--write", "--allow-dirty"], { openAnalyser });
    expect(stderr).toContain("a.ts has changed since it was analysed");

    const late = committed({ "a.ts": "call(STUBBORN);\n" });
    let opened = 0;
    const openLate: typeof openWords = (options) => {
      const words = openWords(options);
      if (++opened === 2) writeFileSync(join(late, "a.ts"), "somebody else wrote this\n");
      return words;
    };
    const result = await run(late, ["--write"], { openAnalyser: openLate });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("a.ts was changed by another program");
    expect(read(late, "a.ts")).toBe("somebody else wrote this\n");
  });

  it("exits 2 when a repair crashes, and applies the others", async () => {
    const root = committed({ "a.ts": "THROWING;\n", "b.ts": "LOSS;\n" });
    const { exitCode, stderr } = await run(root, ["--write"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("the repair of no-exit-before-flush at 1:1 crashed: Error: codemod bug");
    expect(read(root, "b.ts")).toBe("SAVED;\n");
  });
});
