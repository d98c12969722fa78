import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { packageVersion } from "../package-root.js";
import type { AddSupervisorOptions } from "./add/supervisor.js";
import type { CheckOptions } from "./check.js";
import { CannotRun, exitCodes } from "./exit-codes.js";
import type { FixOptions } from "./fix.js";
import type { Expected } from "../prove/expected.js";
import type { Signal } from "../prove/receivers/protocol.js";
import type { Host } from "./host.js";
import type { ProveCommandOptions } from "./prove.js";

const exitCodeHelp = `
Exit codes: 0 nothing found, 1 findings or repairs pending, 2 the job could not be done.`;

const proveHelp = `
For a signal, the program is told to end once it prints a line that starts with "ready".
To freeze it, it is stopped whenever it has answered: a function of AWS Lambda its event, a server that prints "ready <port>" a request.
Exit codes: 0 nothing lost as far as known, 1 telemetry lost or the program hung, 2 it could not be started.`;

const addHelp = `
Exit codes: 0 written, 1 shown only, 2 it could not be written.`;

const signals = [
  "spans",
  "metricPoints",
  "logRecords",
  "events",
  "exceptions",
  "transactions",
  "sessions",
  "checkIns",
] as const satisfies readonly Signal[];

/**
 * Runs the command line. Each command is loaded when it is asked for.
 * @param args without the interpreter and the script
 * @returns the exit code; every error has been printed
 */
export async function main(args: readonly string[], host: Host): Promise<number> {
  let exitCode: number = exitCodes.clean;
  const program = commandLine(host, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.failed;
    host.stderr.write(`telemetry-fix: ${describe(error)}\n`);
    return exitCodes.failed;
  }
}

function describe(error: unknown): string {
  if (error instanceof CannotRun) return error.message;
  if (error instanceof Error && "syscall" in error) return error.message;
  return error instanceof Error ? `unexpected failure\n${error.stack ?? error.message}` : String(error);
}

function commandLine(host: Host, done: (exitCode: number) => void): Command {
  const program = new Command("telemetry-fix")
    .description(
      "Finds the lines on which a program loses telemetry, says why, and shows the repair as a diff.\n" +
        "Nothing is written without --write or a yes on the terminal.",
    )
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .argument("[paths...]", "files and folders inside the working directory (default: all of it)")
    .option("-w, --write", "apply the safe repairs", false)
    .option("--unsafe", "also the repairs that somebody should review", false)
    .option("--allow-dirty", "also rewrite files that git could not bring back", false)
    .option("--strict", "use every rule, and prove every handle", false)
    .option("-n, --dry-run", "show what would be done, ask nothing, write nothing", false)
    .addHelpText("after", exitCodeHelp)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHasColors: () => host.stdout.colors,
      getErrHasColors: () => host.stderr.colors,
    })
    .enablePositionalOptions()
    .action(async (paths: string[], options: FixOptions) => {
      const { fix } = await import("./fix.js");
      done(await fix(host, paths, options));
    });

  program
    .command("check")
    .description("report findings, write nothing")
    .helpOption("-h, --help", "print this help")
    .argument("[paths...]", "files and folders inside the working directory (default: all of it)")
    .addOption(
      new Option("-f, --format <format>", "how to report").choices(["stylish", "json"]).default("stylish"),
    )
    .option("--strict", "use every rule, and prove every handle", false)
    .option("--max-warnings <count>", "warnings to accept before the exit code is 1", wholeNumber)
    .addHelpText("after", exitCodeHelp)
    .action(async (paths: string[], options: CheckOptions) => {
      const { check } = await import("./check.js");
      done(await check(host, paths, options));
    });

  program
    .command("explain")
    .description("print the page of a rule")
    .helpOption("-h, --help", "print this help")
    .argument("<rule>", "name of the rule, for example no-exit-before-flush")
    .action(async (rule: string) => {
      const { explain } = await import("./explain.js");
      done(explain(host, rule));
    });

  program
    .command("prove")
    .description("run a program against local receivers and say what telemetry it lost")
    .helpOption("-h, --help", "print this help")
    .argument("<command...>", "the program and its arguments, after --")
    .addOption(
      new Option("-s, --scenario <scenario>", "how the program ends")
        .choices(["natural-end", "exit", "throw", "rejection", "sigterm", "sigint", "freeze"])
        .default("natural-end"),
    )
    .addOption(
      new Option("-c, --collector <mode>", "how the receivers behave")
        .choices(["accept", "refuse", "silent", "late"])
        .default("accept"),
    )
    .option("-d, --deadline <milliseconds>", "time until the program is killed", wholeNumber, 60_000)
    .option(
      "-e, --expect <signal=count>",
      "what the program records, for example spans=3; may repeat",
      expectation,
      {},
    )
    .option("--handler <name>", "for freeze: the Lambda handler that the command, node and its flags, runs")
    .option(
      "-i, --invoke <event>",
      "for freeze: an event as JSON, or a path for a server; may repeat",
      event,
      [],
    )
    .addOption(new Option("-f, --format <format>", "how to report").choices(["text", "json"]).default("text"))
    .addHelpText("after", proveHelp)
    .action(async (command: string[], options: ProveCommandOptions) => {
      const { prove } = await import("./prove.js");
      done(await prove(host, command, options));
    });

  program
    .command("add")
    .description("add code to the program that it can own")
    .helpOption("-h, --help", "print this help")
    .command("supervisor")
    .description(
      "a file that starts the program and reports what ends it: throw, exit code, signal, out of memory",
    )
    .helpOption("-h, --help", "print this help")
    .addOption(
      new Option("-l, --language <language>", "of the file (default: as the code beside it)").choices([
        "ts",
        "js",
      ]),
    )
    .option("-d, --dir <folder>", "where to put it (default: src, or the working directory)")
    .option("-w, --write", "write the file", false)
    .option("-n, --dry-run", "show what would be written, ask nothing, write nothing", false)
    .addHelpText("after", addHelp)
    .action(async (options: AddSupervisorOptions) => {
      const { addSupervisor } = await import("./add/supervisor.js");
      done(await addSupervisor(host, options));
    });

  return program;
}

function expectation(text: string, others: Expected): Expected {
  const [, signal, count] = /^(\w+)=(\d+)$/.exec(text) ?? [];
  if (signal === undefined || !isSignal(signal)) {
    throw new InvalidArgumentError(`It must be <signal>=<count>, with one of ${signals.join(", ")}.`);
  }
  return { ...others, [signal]: Number(count) };
}

/** A path of a server as it is, anything else as JSON. */
function event(text: string, others: unknown[]): unknown[] {
  if (text.startsWith("/")) return [...others, text];
  try {
    return [...others, JSON.parse(text) as unknown];
  } catch {
    throw new InvalidArgumentError("It must be JSON, or a path that starts with a slash.");
  }
}

function isSignal(name: string): name is Signal {
  return (signals as readonly string[]).includes(name);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
