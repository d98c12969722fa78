import { lossOf, total, type Counts, type Expected, type Loss } from "./expected.js";
import type { CollectorMode } from "./receivers/collector.js";
import { protocolNamed, protocols } from "./receivers/index.js";
import type { ReceiverName, Signal } from "./receivers/protocol.js";
import { run, type Scenario } from "./run.js";

export interface ProveOptions {
  cwd?: string;
  /** Default: `natural-end`, which also stands for a program that exits by itself. */
  scenario?: Scenario;
  /** Default: `accept`. */
  collector?: CollectorMode;
  /** Default: 60,000. */
  deadlineMillis?: number;
  /** Default: all of them. */
  receivers?: readonly ReceiverName[];
  /** What the program records in this run, where that is known; otherwise its last line `recorded <n>` tells. */
  expected?: Expected;
  /** See `RunOptions.ready`. */
  ready?: RegExp;
  /** See `RunOptions.readyAfterMillis`. */
  readyAfterMillis?: number;
  /** See `RunOptions.handler`. */
  handler?: string;
  /** See `RunOptions.invocations`. */
  invocations?: readonly unknown[];
  /** Sees the program's output as it comes. */
  onOutput?: (stream: "stdout" | "stderr", chunk: string) => void;
}

/** What arrived of one signal by one protocol. */
export interface Received {
  receiver: ReceiverName;
  signal: Signal;
  count: number;
  /** Each name once, with how often it came, most frequent first. */
  names: { name: string; count: number }[];
}

/**
 * `kept`: all that was recorded arrived. `lost`: some did not. `hung`: the deadline came first. `unknown`: nobody said how much was
 * recorded, so the reader has to judge.
 */
export type Verdict = "kept" | "lost" | "hung" | "unknown";

/** What `telemetry-fix prove` found; also its JSON form, version 1. */
export interface ProveReport {
  version: 1;
  command: string[];
  scenario: Scenario;
  collector: CollectorMode;
  verdict: Verdict;
  received: Received[];
  /** How many were recorded in all, as far as known. */
  recorded: number | null;
  /** How many did not arrive, as far as known; by signal and name when `expected` was given. */
  lost: { total: number; counts: Counts; names: string[] } | null;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  durationMillis: number;
  /** From the signal to the end, in milliseconds; null when none was sent. */
  endingMillis: number | null;
  deadlineMillis: number;
  timedOut: boolean;
  /** What else the reader should know, as sentences. */
  notes: string[];
}

/**
 * Runs the user's own command with the standard environment variables pointed at local receivers, and tells what arrived.
 * Opens nothing but the loopback interface.
 * @throws {Error} when the command cannot be started
 */
export async function proveCommand(
  argv: readonly string[],
  options: ProveOptions = {},
): Promise<ProveReport> {
  const scenario = options.scenario ?? "natural-end";
  const collector = options.collector ?? "accept";
  const deadlineMillis = options.deadlineMillis ?? 60_000;
  const interruption = new AbortController();
  // The program runs in a group of its own, which an interrupt at the terminal does not reach.
  const interrupt = (): void => interruption.abort();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, interrupt);
  try {
    const result = await run({
      command: argv,
      cwd: options.cwd ?? process.cwd(),
      scenario,
      protocols: options.receivers ? options.receivers.map(protocolNamed) : protocols,
      collector,
      deadlineMillis,
      env: process.env,
      stdin: "inherit",
      abort: interruption.signal,
      ...(options.ready && { ready: options.ready }),
      ...(options.readyAfterMillis !== undefined && { readyAfterMillis: options.readyAfterMillis }),
      ...(options.handler !== undefined && { handler: options.handler }),
      ...(options.invocations && { invocations: options.invocations }),
      ...(options.onOutput && { onOutput: options.onOutput }),
    });
    const loss = options.expected && lossOf(options.expected, result.received);
    const recorded = options.expected ? expectedTotal(options.expected) : result.announced;
    const recordings = result.received.filter(({ inside }) => !inside).length;
    const lost = describeLoss(loss, recorded, recordings);
    const notes = [...result.oddities];
    if (!result.signalled) notes.push(tooEarly[scenario === "freeze" ? "freeze" : "signal"]);
    if (scenario === "freeze")
      notes.push(...result.unanswered.map((request) => `Not answered well: ${request}.`));
    if (interruption.signal.aborted) notes.push("The run was interrupted.");
    if (result.received.length === 0 && collector === "accept") {
      notes.push(
        "Nothing arrived: either it was lost, or the program sends elsewhere than the environment says.",
      );
    }
    return {
      version: 1,
      command: [...argv],
      scenario,
      collector,
      verdict: result.timedOut ? "hung" : lost === null ? "unknown" : lost.total > 0 ? "lost" : "kept",
      received: groupReceived(result.received),
      recorded,
      lost,
      exitCode: result.exitCode,
      signal: result.signal,
      durationMillis: result.durationMillis,
      endingMillis: result.endingMillis,
      deadlineMillis,
      timedOut: result.timedOut,
      notes,
    };
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, interrupt);
  }
}

const tooEarly = {
  freeze: "The program ended before it had answered, so that it could not be frozen.",
  signal: "The program ended before it said that it was ready for its signal.",
};

function expectedTotal(expected: Expected): number {
  return Object.values(expected).reduce<number>(
    (sum, wanted) => sum + (typeof wanted === "number" ? wanted : wanted.length),
    0,
  );
}

function describeLoss(loss: Loss | undefined, recorded: number | null, arrived: number): ProveReport["lost"] {
  if (loss) return { total: total(loss.counts), ...loss };
  if (recorded === null) return null;
  return { total: Math.max(0, recorded - arrived), counts: {}, names: [] };
}

function groupReceived(
  items: readonly { receiver: ReceiverName; signal: Signal; name: string }[],
): Received[] {
  const groups = new Map<string, { receiver: ReceiverName; signal: Signal; names: Map<string, number> }>();
  for (const { receiver, signal, name } of items) {
    const key = `${receiver} ${signal}`;
    const group = groups.get(key) ?? { receiver, signal, names: new Map<string, number>() };
    groups.set(key, group);
    group.names.set(name, (group.names.get(name) ?? 0) + 1);
  }
  return [...groups.values()].map(({ receiver, signal, names }) => ({
    receiver,
    signal,
    count: [...names.values()].reduce((sum, count) => sum + count, 0),
    names: [...names].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
  }));
}
