import { proveCommand, type Verdict } from "../prove/command.js";
import type { Expected } from "../prove/expected.js";
import type { CollectorMode } from "../prove/receivers/collector.js";
import { renderProve } from "../prove/render.js";
import type { Scenario } from "../prove/run.js";
import { CannotRun, exitCodes } from "./exit-codes.js";
import type { Host } from "./host.js";

/** Options of `telemetry-fix prove`. */
export interface ProveCommandOptions {
  scenario: Scenario;
  collector: "accept" | "refuse" | "silent" | "late";
  /** Milliseconds. */
  deadline: number;
  /** How many of each signal the program records. */
  expect: Expected;
  format: "text" | "json";
  handler?: string;
  /** Events of the invocations; for a server paths. */
  invoke: unknown[];
}

const lateMillis = 1000;

const exitCodeOf: Record<Verdict, number> = {
  kept: exitCodes.clean,
  lost: exitCodes.findings,
  hung: exitCodes.findings,
  unknown: exitCodes.clean,
};

/**
 * Runs a command against local receivers and says what was lost. The command's own output goes to stderr. Gives the exit
 * code; when nobody said how much was recorded, the reader judges and the code is 0.
 * @throws CannotRun when the command cannot be started
 */
export async function prove(
  host: Host,
  command: readonly string[],
  options: ProveCommandOptions,
): Promise<number> {
  const collector: CollectorMode = options.collector === "late" ? { lateMillis } : options.collector;
  const expected = Object.keys(options.expect).length > 0 ? options.expect : undefined;
  const report = await proveCommand(command, {
    cwd: host.cwd,
    scenario: options.scenario,
    collector,
    deadlineMillis: options.deadline,
    ...(expected && { expected }),
    ...(options.handler !== undefined && { handler: options.handler }),
    ...(options.invoke.length > 0 && { invocations: options.invoke }),
    onOutput: (_, chunk) => host.stderr.write(chunk),
  }).catch((error: unknown) => {
    throw new CannotRun(`${command.join(" ")} could not be started: ${(error as Error).message}`);
  });
  host.stdout.write(options.format === "json" ? `${JSON.stringify(report, null, 2)}\n` : renderProve(report));
  return exitCodeOf[report.verdict];
}
