import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Expected } from "./expected.js";
import type { Load } from "./load/load.js";
import type { CollectorMode } from "./receivers/collector.js";
import type { ReceiverName } from "./receivers/protocol.js";
import type { Scenario } from "./run.js";

/** A line of `before/` that a rule must report, named by a text on it. */
export interface ExpectedFinding {
  rule: string;
  /** Relative to `before/`. */
  file: string;
  text: string;
  /** Which line that holds `text`, counted from 1; default: the first. */
  nth?: number;
  fix: "safe" | "review" | null;
}

/** How a case is run, and what must then arrive. */
export interface CaseRun {
  command: string[];
  scenario: Scenario;
  receiver: ReceiverName | ReceiverName[];
  expected: Expected;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /**
   * How the program ends before its repair, where changing that is part of the repair: a broken process that ended as if all were
   * well, or `null` for one that lives on. Absent: it ends as it does afterwards.
   */
  exitCodeBefore?: number | null;
  deadlineMillis: number;
  /** Default: `accept`. */
  collector?: CollectorMode;
  /** Requests under way when the signal arrives, see `RunOptions.load`; the repaired program has to answer them all. */
  load?: Load;
  /** In the scenario `freeze`: see `RunOptions.handler`. */
  handler?: string;
  /** In the scenario `freeze`: see `RunOptions.invocations`. */
  invocations?: unknown[];
  /** Variables on top of those that point at the collector. */
  env?: Record<string, string>;
  /** The repaired program is held to the same ending here too. */
  also?: Circumstance[];
}

/**
 * Under what else a repaired program is run. It must end in time and alike; where the collector refuses or is silent nothing can
 * arrive, so nothing is counted.
 */
export interface Circumstance {
  collector: CollectorMode;
  deadlineMillis: number;
  /**
   * Send the signal again this long after the first time. That must end the program, by the signal and within the deadline; what is
   * then lost or left unanswered was given up by who sent it.
   */
  secondSignalMillis?: number;
}

/** `fixtures/<rule>/<case>/case.json`. */
export interface CaseFile {
  title: string;
  /** The real shape the case was distilled from, in words. */
  distilledFrom: string;
  kind: "bad" | "lookalike";
  expect: ExpectedFinding[];
  run?: CaseRun;
}

/** A case with the folder it lies in. */
export interface Case extends CaseFile {
  /** The name of its folder. */
  name: string;
  directory: string;
}

/**
 * Reads `case.json` of one case folder.
 * @throws {Error} when it is missing, not JSON, or lacks what every case has
 */
export function readCase(directory: string): Case {
  const path = join(directory, "case.json");
  let read: Partial<CaseFile>;
  try {
    read = JSON.parse(readFileSync(path, "utf8")) as Partial<CaseFile>;
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const { title, distilledFrom, kind, expect, run } = read;
  if (typeof title !== "string" || typeof distilledFrom !== "string") {
    throw new Error(`${path} needs a title and distilledFrom`);
  }
  if (kind !== "bad" && kind !== "lookalike") throw new Error(`${path}: kind is "bad" or "lookalike"`);
  if (!Array.isArray(expect)) throw new Error(`${path} needs a list expect`);
  if (run && (!Array.isArray(run.command) || typeof run.deadlineMillis !== "number")) {
    throw new Error(`${path}: run needs a command and deadlineMillis`);
  }
  return { title, distilledFrom, kind, expect, ...(run && { run }), name: basename(directory), directory };
}
