import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { collect, program, type Report, run } from "./supervisor-programs/support.js";
import { dies, node, supervised, supervisor } from "./supervisor-programs/supervised.js";

const terminal = ["script", "python3"].find((name) => spawnSync(name, ["--version"]).status === 0);

/** The command in a terminal of its own, which our end of stdin types into. */
function inTerminal(command: readonly string[]): string[] {
  if (terminal === "script")
    return ["script", "-qefc", `exec ${command.map((word) => `'${word}'`).join(" ")}`, "/dev/null"];
  const script = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  return ["python3", "-c", script, ...command];
}

const canUnshare =
  existsSync("/proc/self/ns/pid") && spawnSync("unshare", ["--pid", "--fork", "true"]).status === 0;

describe("a program that dies", () => {
  it.each([
    ["throw", 1, null, "TypeError", "no such thing\non two lines"],
    ["own", 1, null, "NotFound", "user 7"],
    ["value", 1, null, undefined, "only words"],
    ["rejection", 1, null, "RangeError", "too far"],
    ["reason", 1, null, "UnhandledPromiseRejection", expect.stringContaining('the reason "only a reason"')],
    ["logged", 1, null, "Error", "no port"],
    ["handled", 4, null, undefined, undefined],
    ["exit", 3, null, undefined, undefined],
    ["exitCode", 5, null, undefined, undefined],
    ["abort", null, "SIGABRT", undefined, undefined],
    ["sigkill", null, "SIGKILL", undefined, undefined],
    ["sigsegv", null, "SIGSEGV", undefined, undefined],
    ["sigbus", null, "SIGBUS", undefined, undefined],
  ])("by %s is reported, and its ending kept", async (way, code, signal, type, message) => {
    const { env, reports } = await collect();
    const ended = await run(dies(way), env).ended;
    expect([ended.code, ended.signal]).toEqual([code, signal]);
    expect(ended.stdout.toString()).toBe("to stdout\n");
    expect(ended.stderr.toString()).toMatch(/^to stderr\n/);
    expect(reports).toHaveLength(1);
    const [report] = reports as [Report];
    expect(report.severityText).toBe("FATAL");
    expect(report.attributes["exception.type"]).toEqual(type);
    expect(report.attributes["exception.message"]).toEqual(message);
    expect(report.eventName).toBe(message === undefined ? undefined : "exception");
    if (signal !== null) {
      expect(report.body).toMatch(`node was killed by ${signal}\n`);
      expect(report.attributes["process.exit.signal"]).toBe(signal);
    } else {
      expect(report.body).toMatch(`node exited with code ${String(code)}\n`);
      expect(report.attributes["process.exit.code"]).toBe(String(code));
    }
    expect(report.body).toContain(ended.stderr.toString().trimEnd());
  });

  it.each(["throw", "own", "value", "rejection", "exit"])(
    "by %s says the same, byte by byte, as without a supervisor",
    async (way) => {
      const { env } = await collect();
      const alone = spawnSync(node, [program("dies.mjs"), way]);
      const ended = await run(dies(way), env).ended;
      expect(ended.stderr.equals(alone.stderr)).toBe(true);
      expect(ended.stdout.equals(alone.stdout)).toBe(true);
      expect(ended.code).toBe(alone.status);
    },
  );

  it("out of memory is reported with what V8 said", async () => {
    const { env, reports } = await collect();
    const ended = await run(supervised("--max-old-space-size=20", program("dies.mjs"), "memory"), env).ended;
    expect([ended.code, ended.signal]).toEqual([null, "SIGABRT"]);
    expect(reports[0]?.attributes).toMatchObject({
      "exception.type": "FATAL ERROR",
      "exception.message": expect.stringContaining("JavaScript heap out of memory") as string,
      "process.exit.code": "134",
    });
  });

  it("has its whole stack reported, causes included", async () => {
    const { env, reports } = await collect();
    await run(dies("own"), env).ended;
    const stack = reports[0]?.attributes["exception.stacktrace"] ?? "";
    expect(stack).toMatch(/^NotFound: user 7\n {4}at /);
    expect(stack).toMatch(/dies\.mjs:\d+:\d+/);
    expect(stack).toMatch(/\[cause\]: Error: inner\n.*\}$/s);
  });

  it("has the end of its stderr reported, from the start of a line", async () => {
    const { env, reports } = await collect();
    const lines = 'Array.from({ length: 9000 }, (_, i) => "line " + i + " é\\n").join("")';
    await run(supervised("-e", `require("fs").writeSync(2, ${lines}); process.exit(2)`), env).ended;
    const [summary, first, ...rest] = reports[0]?.body.split("\n") ?? [];
    expect(summary).toBe("node exited with code 2");
    expect(first).toMatch(/^line 7740 é$/);
    expect(rest.at(-1)).toBe("line 8999 é");
    expect(Buffer.byteLength(rest.join("\n"))).toBeLessThanOrEqual(16 * 1024);
  });
});

describe("a program that is well", () => {
  it("is not reported", async () => {
    const { env, reports } = await collect();
    const ended = await run(dies("well"), env).ended;
    expect([ended.code, ended.signal]).toEqual([0, null]);
    expect(ended.stderr.toString()).toBe("to stderr\nall is well\n");
    expect(reports).toEqual([]);
  });

  it("gets the arguments, options, variables and stdin of its supervisor", async () => {
    const input = Buffer.from(Array.from({ length: 2_000_000 }, (_, i) => i % 251));
    const command = [
      node,
      "--no-warnings",
      supervisor,
      "--stack-size=900",
      program("echo.mjs"),
      "a b",
      "--",
      "*",
    ];
    const ended = await run(command, { GIVEN: "ü\n" }, input).ended;
    const end = ended.stdout.indexOf("\n");
    expect(JSON.parse(ended.stdout.subarray(0, end).toString())).toEqual({
      args: ["a b", "--", "*"],
      execArgv: ["--no-warnings", "--stack-size=900"],
      given: "ü\n",
      terminals: [false, false, false],
    });
    expect(ended.stdout.subarray(end + 1).equals(input)).toBe(true);
    expect([ended.code, ended.stderr.length]).toEqual([0, 0]);
  });

  it("may be any command, which no shell reads", async () => {
    const { env, reports } = await collect();
    const ended = await run(
      supervised("--", "sh", "-c", 'printf "%s" "$1" >&2; exit 9', "sh", "$HOME; 'x\""),
      env,
    ).ended;
    expect([ended.code, ended.stderr.toString()]).toEqual([9, "$HOME; 'x\""]);
    expect(reports[0]).toMatchObject({
      body: "sh exited with code 9\n$HOME; 'x\"",
      resource: { "process.executable.name": "sh" },
    });
  });
});

describe("signals", () => {
  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
    "%s is passed on once, and what the program makes of it is no crash unless it fails",
    async (signal) => {
      const { env, reports } = await collect();
      const { ended, process: running, line } = run(supervised(program("signals.mjs"), "counts"), env);
      await line("ready");
      running.kill(signal);
      const { code, stdout } = await ended;
      expect(code).toBe(21);
      expect(stdout.toString()).toMatch(new RegExp(`^ready \\d+\ngot ${signal}\n$`));
      expect(reports).toHaveLength(1);
    },
  );

  it.each([
    ["exits with 0", ["signals.mjs", "0"], 0, null],
    ["exits as a shell would say it", ["signals.mjs", "143"], 143, null],
    ["does not listen", ["ticks.mjs"], null, "SIGTERM"],
  ])("SIGTERM to a program that %s is no crash", async (_, [name = "", ...args], code, signal) => {
    const { env, reports } = await collect();
    const { ended, process: running, line } = run(supervised(program(name), ...args), env);
    if (name === "signals.mjs") await line("ready");
    else await once(running.stderr, "data");
    running.kill("SIGTERM");
    expect(await ended).toMatchObject({ code, signal });
    expect(reports).toEqual([]);
  });

  it("leave a program alone that ignores them, until somebody kills it", async () => {
    const { env, reports } = await collect();
    const { ended, process: running, line } = run(supervised(program("signals.mjs"), "stays"), env);
    const pid = Number((await line("ready")).split(" ")[1]);
    running.kill("SIGTERM");
    await line("got SIGTERM");
    running.kill("SIGINT");
    await line("got SIGINT");
    expect(running.exitCode).toBeNull();
    process.kill(pid, "SIGKILL");
    expect(await ended).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(reports[0]?.attributes).toMatchObject({
      "process.exit.signal": "SIGKILL",
      "process.exit.code": "137",
    });
    expect(reports[0]?.resource["process.pid"]).toBe(String(pid));
  });
});

describe.skipIf(terminal === undefined)("in a terminal", () => {
  it("Ctrl-C reaches the program once", async () => {
    const { env, reports } = await collect();
    const {
      ended,
      process: running,
      line,
    } = run(inTerminal(supervised(program("signals.mjs"), "counts")), env);
    await line("ready");
    running.stdin.write("\u0003");
    const { code, stdout } = await ended;
    expect(stdout.toString().match(/got SIGINT/g)).toHaveLength(1);
    expect(code).toBe(21);
    expect(reports).toHaveLength(1);
  });

  it("stdin and stdout stay the terminal", async () => {
    const { ended, line } = run(inTerminal(supervised(program("echo.mjs"))));
    expect(JSON.parse(await line("{"))).toMatchObject({ terminals: [true, true, false] });
    expect((await ended).code).toBe(0);
  });
});

describe("output", () => {
  it.each([
    ["a reader that keeps up", 0],
    ["a reader that is slow", 700],
  ])("of 100 MB on stderr goes whole and in order to %s, in bounded memory", async (_, pause) => {
    const { env, reports } = await collect();
    const { ended, process: running } = run(supervised(program("flood.mjs")), env);
    running.stderr.pause();
    setTimeout(() => running.stderr.resume(), pause);
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(6);
    expect(stderr.length).toBe(100_000_000);
    const wrong = Array.from({ length: 1_000_000 }, (_unused, line) => line).find(
      (line) => Number(stderr.toString("latin1", line * 100, line * 100 + 9)) !== line,
    );
    expect(wrong).toBeUndefined();
    expect(Number(stdout.toString())).toBeGreaterThan(20_000);
    expect(Number(stdout.toString())).toBeLessThan(120_000);
    expect(reports[0]?.body).toMatch(/^node exited with code 6\n0009\d{5}x{90}\n[\s\S]*\n000999999x{90}$/);
  });

  it("that nobody reads any more ends the program as it would without a supervisor", async () => {
    const { env, reports } = await collect();
    const { ended, process: running } = run(supervised(program("ticks.mjs")), env);
    await once(running.stderr, "data");
    running.stderr.destroy();
    expect((await ended).code).toBe(7);
    expect(reports[0]?.body).toMatch(/^node exited with code 7\ntick\n/);
  });

  it("into a file is written there by the program itself, so that none of it is lost", async () => {
    const { env, reports } = await collect();
    const file = path.join(path.dirname(supervisor), "log");
    writeFileSync(file, "older\n");
    const lines = Array.from({ length: 20_000 }, (_, line) => `line ${String(line)}`);
    const script =
      'for (let i = 0; i < 20000; i += 2) { console.log("line " + i); console.error("line " + (i + 1)); } process.exit(3)';
    const command = ["sh", "-c", `exec "$@" >>'${file}' 2>&1`, "sh", ...supervised("-e", script)];
    expect((await run(command, env).ended).code).toBe(3);
    expect(readFileSync(file, "utf8").split("\n")).toEqual(["older", ...lines, ""]);
    expect(reports[0]?.body).toMatch(/^node exited with code 3\nline 18\d{3}\n[^]*\nline 19999$/);
  });

  it("into a file is reported from where the program began", async () => {
    const { env, reports } = await collect();
    const file = path.join(path.dirname(supervisor), "log");
    writeFileSync(file, "older\n");
    await run(["sh", "-c", `exec "$@" 2>>'${file}'`, "sh", ...dies("throw")], env).ended;
    expect(reports[0]?.body).toMatch(/^node exited with code 1\nto stderr\n/);
    expect(reports[0]?.attributes["exception.type"]).toBe("TypeError");
  });

  it("may be closed from the start", async () => {
    const { env, reports } = await collect();
    const command = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", ...dies("throw")];
    expect((await run(command, env).ended).code).toBe(1);
    expect(reports[0]?.attributes["exception.type"]).toBe("TypeError");
  });

  it("is waited for only shortly when something else holds it open", async () => {
    const { env, reports } = await collect();
    const { ended, process: running } = run(supervised(program("leaves-one-behind.mjs")), env);
    const [code] = (await once(running, "exit")) as [number];
    expect(code).toBe(4);
    expect(reports[0]?.body).toBe("node exited with code 4\nlast words");
    running.stderr.destroy();
    expect((await ended).took).toBeLessThan(3000);
  });

  it("that a reader never takes does not keep the program's end from whoever asks for it twice", async () => {
    const fifo = path.join(path.dirname(supervisor), "fifo");
    spawnSync("mkfifo", [fifo]);
    const unread = openSync(fifo, "r+");
    onTestFinished(() => closeSync(unread));
    const script = 'require("fs").writeSync(2, "x".repeat(150_000)); console.log("ends"); process.exit(3)';
    const env = { ...process.env, OTEL_LOGS_EXPORTER: "none" };
    const running = spawn(node, [supervisor, "-e", script], { env, stdio: ["ignore", "pipe", unread] });
    onTestFinished(() => void running.kill("SIGKILL"));
    const exit = once(running, "exit");
    await once(running.stdout as Readable, "data");
    await sleep(300);
    expect(running.exitCode).toBeNull();
    running.kill("SIGTERM");
    await sleep(50);
    running.kill("SIGTERM");
    expect(await exit).toEqual([3, null]);
  });
});

describe("a program that cannot be started", () => {
  it.each([
    [
      "is not found",
      ["--", "no-such-command-anywhere"],
      127,
      /cannot start no-such-command-anywhere: .*ENOENT/,
    ],
    ["cannot be executed", ["--", import.meta.dirname], 126, /cannot start .*EACCES/],
    ["is a module that is not there", ["./no-such-file.mjs"], 1, /Cannot find module/],
    ["is not named", [], 126, /name a program/],
    ["is not named after --", ["--"], 126, /name a program/],
  ])("because it %s", async (_, args, code, words) => {
    const { env, reports } = await collect();
    const ended = await run(supervised(...args), env).ended;
    expect(ended.code).toBe(code);
    expect(ended.stderr.toString()).toMatch(words);
    expect(reports).toHaveLength(args.at(-1) === undefined || args.at(-1) === "--" ? 0 : 1);
    for (const report of reports) expect(report.body).toMatch(words);
  });
});

describe.skipIf(!canUnshare)("as the first process of a container", () => {
  it.each(["sigkill", "sigsegv", "abort"])("ends by %s as containers count it", async (way) => {
    const { env, reports } = await collect();
    const ended = await run(["unshare", "--pid", "--fork", "--mount-proc", ...dies(way)], env).ended;
    expect(ended.code).toBe({ sigkill: 137, sigsegv: 139, abort: 134 }[way]);
    expect(reports).toHaveLength(1);
  });
});
