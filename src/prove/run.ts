import { spawn } from "node:child_process";
import { startFreezer, type Freezer } from "./freeze/freezer.js";
import { lambdaEnvironment, lambdaLoop } from "./freeze/lambdaLoop.js";
import type { Load } from "./load/load.js";
import { killTree, signalChild } from "./processTree.js";
import { Prompt } from "./prompt.js";
import { startCollector, type Arrival, type CollectorMode } from "./receivers/collector.js";
import type { Protocol } from "./receivers/protocol.js";

/**
 * How the program comes to its end. The first four it does by itself; for a signal the run sends it once the program has
 * said that it is ready; with `freeze` it is stopped whenever it has answered, at last for ever.
 */
export type Scenario = "natural-end" | "exit" | "throw" | "rejection" | "sigterm" | "sigint" | "freeze";

export interface RunOptions {
  /** Program and arguments; nothing is read by a shell. */
  command: readonly string[];
  cwd: string;
  scenario: Scenario;
  /** What the program may send to. */
  protocols: readonly Protocol[];
  collector: CollectorMode;
  /**
   * The run is killed, with everything it started, this long after its start; in a scenario with a signal, this long after the
   * signal, as a container's grace period is counted. To become ready it then has 20 seconds, or as long.
   */
  deadlineMillis: number;
  /** The environment of the program, to which the variables that point at the collector are added. */
  env: NodeJS.ProcessEnv;
  /** A line of standard output that says the program is ready for its signal; default: one that starts with `ready`. */
  ready?: RegExp;
  /** Send the signal this long after the start when no such line came; default: only after the line. */
  readyAfterMillis?: number;
  /**
   * Requests that are sent when the program is ready; the line that says so must then end in its port. The signal waits until the
   * program has written a line that starts with `begin` for each of them.
   */
  load?: Load;
  /** Send the signal again this long after the first time. `deadlineMillis` then counts from there. */
  secondSignalMillis?: number;
  /**
   * To freeze a handler of AWS Lambda: its name, `orders.handler` for what `orders.mjs` exports. `command` is the `node` that runs it,
   * with its flags. Without one, `command` is the runtime of a function by itself, or a server: the line that says it is ready must
   * then end in its port.
   */
  handler?: string;
  /** To freeze a program: its events, one after another, or the paths that a server is asked for. Default: one empty event. */
  invocations?: readonly unknown[];
  /** Sees the output as it comes. */
  onOutput?: (stream: "stdout" | "stderr", chunk: string) => void;
  /** The program's standard input; default: none. */
  stdin?: "ignore" | "inherit";
  /** Ends the run early, as if its deadline had come. */
  abort?: AbortSignal;
}

export interface RunResult {
  received: Arrival[];
  /** Requests no receiver could read, as sentences. */
  oddities: string[];
  /** What the program last announced by a line `recorded <n>`. */
  announced: number | null;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** From the start of the process to its end, in milliseconds. */
  durationMillis: number;
  /** From the signal to the end, in milliseconds, the last one where there are two; null when none was sent. */
  endingMillis: number | null;
  /** The deadline came first. */
  timedOut: boolean;
  /** Whether the signal of the scenario was sent, as often as asked for, or the program frozen; true when the scenario has neither. */
  signalled: boolean;
  /** Requests that were not answered well, as sentences. */
  unanswered: string[];
  /** The end of the output, at most 1 MiB each. */
  stdout: string;
  stderr: string;
}

const signals: Partial<Record<Scenario, NodeJS.Signals>> = { sigterm: "SIGTERM", sigint: "SIGINT" };

/** The signal that a scenario sends; undefined when the program ends by itself. */
export const signalOf = (scenario: Scenario): NodeJS.Signals | undefined => signals[scenario];

/** How long a program may take until its signal is due. */
const startMillis = 20_000;

const maxOutput = 1024 * 1024;

/** How long output may still trickle in once the process has ended: a child of it may hold the pipes open. */
const drainMillis = 200;

/** How long a request that was under way at the end of the process may take to be read. */
const settleMillis = 1000;

/**
 * Runs a program against a collector of its own and tells what arrived.
 * @throws when the program cannot be started at all
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const collector = await startCollector(options.protocols, options.collector);
  try {
    const ended =
      options.scenario === "freeze"
        ? await runFrozen(options, environment(options, collector.url))
        : await runChild(options, environment(options, collector.url), collector.signalled);
    await collector.settle(settleMillis);
    return {
      ...ended,
      received: [...collector.arrivals],
      oddities: [...collector.oddities],
      announced: announcedBy(ended.stdout),
    };
  } finally {
    await collector.close();
  }
}

function environment(options: RunOptions, url: string): NodeJS.ProcessEnv {
  const env = { ...options.env };
  for (const protocol of options.protocols) Object.assign(env, protocol.env(url));
  // A proxy would carry telemetry away from this machine.
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) {
    Reflect.deleteProperty(env, name);
    Reflect.deleteProperty(env, name.toLowerCase());
  }
  return env;
}

type Ended = Omit<RunResult, "received" | "oddities" | "announced">;

async function runFrozen(options: RunOptions, env: NodeJS.ProcessEnv): Promise<Ended> {
  if (process.platform === "win32") throw new Error("Windows cannot freeze a program.");
  const frozen = new AbortController();
  const freezer = await startFreezer(options.invocations ?? [{}], () => frozen.abort());
  const { handler, command, cwd } = options;
  const lambda = handler === undefined ? {} : lambdaEnvironment(handler, cwd);
  const started = { ...options, command: handler === undefined ? command : lambdaLoop(command) };
  try {
    return await runChild(started, { ...env, ...lambda, ...freezer.env }, () => undefined, {
      freezer,
      frozen,
    });
  } finally {
    await freezer.close();
  }
}

/** What stops a program when it has answered, and tells when that was for the last time. */
interface Freezing {
  freezer: Freezer;
  frozen: AbortController;
}

function runChild(
  options: RunOptions,
  env: NodeJS.ProcessEnv,
  onSignal: () => void,
  freezing?: Freezing,
): Promise<Ended> {
  const [program, ...args] = options.command;
  if (program === undefined) throw new Error("There is no command to run.");
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, {
      cwd: options.cwd,
      env,
      stdio: [options.stdin ?? "ignore", "pipe", "pipe"],
      // A group of its own, so that the deadline reaches what the program started as well.
      detached: process.platform !== "win32",
    });
    freezing?.freezer.attach(child);
    freezing?.frozen.signal.addEventListener("abort", () => killTree(child), { once: true });
    const signal = signalOf(options.scenario);
    const ready = options.ready ?? /^ready\b/m;
    const prompt = new Prompt(ready, options.load);
    const output = { stdout: "", stderr: "" };
    let timedOut = false;
    let signalled = signal === undefined;
    let signalledAt: number | undefined;
    let again: NodeJS.Timeout | undefined;

    const giveUp = (): void => {
      timedOut = true;
      killTree(child);
    };
    let deadline = setTimeout(
      giveUp,
      signal === undefined ? options.deadlineMillis : Math.max(startMillis, options.deadlineMillis),
    );
    const send = (name: NodeJS.Signals): void => {
      signalledAt = performance.now();
      clearTimeout(deadline);
      deadline = setTimeout(giveUp, options.deadlineMillis);
      signalChild(child, name);
    };
    const sendSignal = (): void => {
      if (signalled || again !== undefined || signal === undefined) return;
      const { secondSignalMillis } = options;
      onSignal();
      send(signal);
      if (secondSignalMillis === undefined) signalled = true;
      else
        again = setTimeout(() => {
          signalled = true;
          send(signal);
        }, secondSignalMillis);
    };
    const readiness =
      options.readyAfterMillis === undefined ? undefined : setTimeout(sendSignal, options.readyAfterMillis);
    options.abort?.addEventListener("abort", giveUp, { once: true });

    const keep = (stream: "stdout" | "stderr", chunk: string): void => {
      options.onOutput?.(stream, chunk);
      output[stream] = (output[stream] + chunk).slice(-maxOutput);
      if (stream !== "stdout") return;
      const port = freezing && portIn(output.stdout, ready);
      if (port !== undefined) freezing?.freezer.serve(port);
      if (!signalled && prompt.given(output.stdout)) sendSignal();
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => keep("stdout", chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => keep("stderr", chunk));

    const stopWatching = (): void => {
      clearTimeout(deadline);
      clearTimeout(readiness);
      clearTimeout(again);
      options.abort?.removeEventListener("abort", giveUp);
    };
    child.once("error", (error) => {
      stopWatching();
      reject(new Error(`Cannot run ${program}: ${error.message}`, { cause: error }));
    });
    child.once("exit", (exitCode, exitSignal) => {
      const end = performance.now();
      const durationMillis = Math.round(end - start);
      const endingMillis = signalledAt === undefined ? null : Math.round(end - signalledAt);
      stopWatching();
      const finish = async (): Promise<void> => {
        clearTimeout(drained);
        child.off("close", finish);
        killTree(child);
        const unanswered = await prompt.finish();
        resolve({
          exitCode,
          signal: exitSignal,
          durationMillis,
          endingMillis,
          timedOut,
          signalled: signalled && (freezing?.freezer.frozen ?? true),
          unanswered: [...unanswered, ...(freezing?.freezer.faults ?? [])],
          ...output,
        });
      };
      const drained = setTimeout(finish, drainMillis);
      child.once("close", finish);
    });
  });
}

/** The port that a program names when it is ready. */
function portIn(stdout: string, ready: RegExp): number | undefined {
  const line = stdout
    .split("\n")
    .slice(0, -1)
    .find((each) => ready.test(each));
  const port = line?.match(/(\d+)\s*$/)?.[1];
  return port === undefined ? undefined : Number(port);
}

function announcedBy(stdout: string): number | null {
  const last = [...stdout.matchAll(/^recorded (\d+)\s*$/gm)].at(-1)?.[1];
  return last === undefined ? null : Number(last);
}
