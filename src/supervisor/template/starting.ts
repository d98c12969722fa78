/** The part of the supervisor that starts the child, passes signals on and ends as the child did. */
export const starting = String.raw`// Starts a program as a child. When that ends by a crash, its last words are sent
// as one OpenTelemetry log record: also what no handler inside it can report, such
// as running out of memory, SIGKILL or a crash in native code.
//
//   node supervisor.js [options of node] app.js [arguments]
//   node supervisor.js -- any-command [arguments]
//
// It never restarts anything, passes signals and output on, and ends with the exit
// code or signal of the child. The OTEL_* variables say where reports go.
// Written by telemetry-fix; it is yours to change.
import { spawn } from "node:child_process";
import {
  constants as files,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  write,
} from "node:fs";
import { constants, hostname } from "node:os";
import { basename } from "node:path";
import { isatty } from "node:tty";
import { stripVTControlCharacters } from "node:util";

interface Ending {
  command: string;
  pid: number | undefined;
  code: number;
  signal: NodeJS.Signals | null;
  // Why the program could not be started at all.
  failure?: string;
}

// How much of stderr goes into a report.
const tailBytes = 16 * 1024;
// How much output may wait here. It is read early, since a program that ends loses
// what nobody has taken from it.
const unwrittenLimit = 1024 * 1024;
// How long a process that outlives the child may hold its stderr open.
const drainMillis = 500;
// What a report still gets once somebody asks for the end.
const hurryMillis = 1000;

const passedOn: NodeJS.Signals[] = [
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
];
// An ending by one of these, or by what was passed on, was asked for: no crash.
const asked = new Set<NodeJS.Signals>(["SIGTERM", "SIGINT", "SIGHUP"]);
const isAtTerminal = [0, 1, 2].some((fd) => isatty(fd));

let isOver = false;
let requests = 0;
let hurry = () => {};
const hurried = new Promise<void>((resolve) => {
  hurry = resolve;
});

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args[0] === "--") {
    args.shift();
  } else if (args.length > 0) {
    args.unshift(process.execPath, ...process.execArgv);
  }
  const [command, ...rest] = args;
  if (command === undefined) throw new Error("name a program to start");
  const ending = await run(command, rest);
  if (isCrash(ending)) {
    const reported = report(ending).catch(String);
    const failure = await Promise.race([reported, hurried]);
    if (failure) say("the crash was not reported: " + failure);
  }
  await Promise.race([written(), hurried]);
  endAs(ending);
}

function run(command: string, args: string[]): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["inherit", "inherit", ownFile ? "inherit" : "pipe"],
    });
    const output = child.stderr;
    const common = { command: basename(command, ".exe"), pid: child.pid };
    for (const signal of passedOn) {
      process.on(signal, () => {
        if (isOver) return hurryUp();
        asked.add(signal);
        if (!isFromTerminal(signal)) child.kill(signal);
      });
    }
    onBroken = () => {
      output?.destroy();
    };
    output?.on("data", (chunk: Buffer) => {
      keep(chunk);
      pass(chunk);
      if (isOver || unwrittenBytes < unwrittenLimit) return;
      // The reader of our stderr is slow: the child waits, as it would without us.
      output.pause();
      void written().then(() => output.resume());
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      isOver = true;
      const failure = "cannot start " + command + ": " + error.message;
      say(failure);
      // The exit codes of a shell.
      const code = error.code === "ENOENT" ? 127 : 126;
      resolve({ ...common, code, signal: null, failure });
    });
    child.on("exit", (code, signal) => {
      isOver = true;
      output?.resume();
      const finish = () => {
        clearTimeout(timer);
        output?.destroy();
        resolve({ ...common, code: code ?? 1, signal });
      };
      const timer = setTimeout(finish, drainMillis);
      child.on("close", finish);
    });
  });
}

// A terminal sends these to every process in its foreground: the child has got
// its own already, and a second one would often cut its shutdown short.
function isFromTerminal(signal: NodeJS.Signals): boolean {
  return isAtTerminal && (signal === "SIGINT" || signal === "SIGQUIT");
}

// The child is gone already: the first signal leaves the report a moment, the
// second none.
function hurryUp(): void {
  requests += 1;
  if (requests > 1) hurry();
  else setTimeout(hurry, hurryMillis);
}

function isCrash({ code, signal }: Ending): boolean {
  if (signal !== null) return !asked.has(signal);
  return code !== 0 && ![...asked].some((name) => code === codeOf(name));
}

// How shells and containers count the end by a signal.
function codeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

function endAs({ code, signal }: Ending): void {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  try {
    // A listener that leaves takes with it that Node ignores some signals.
    process.once(signal, hurryUp).off(signal, hurryUp);
  } catch {
    // Nobody can listen to SIGKILL.
  }
  process.kill(process.pid, signal);
  // The first process of a container survives its own signals.
  setTimeout(() => process.exit(codeOf(signal)), 100);
}

`;
