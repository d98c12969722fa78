import { join } from "node:path";
import type { Case, CaseRun } from "./caseFile.js";
import { describeCounts, lossOf, total, type Expected, type Loss } from "./expected.js";
import type { CollectorMode } from "./receivers/collector.js";
import { protocolNamed } from "./receivers/index.js";
import { run, type RunResult } from "./run.js";
import { stage } from "./staging.js";

/** One side of a proof: how the program ran, and what is wrong with that, as sentences. */
export interface Side {
  result: RunResult;
  lost: Loss;
  faults: string[];
}

/** The proof of one case. It holds when `failures` is empty. */
export interface CaseProof {
  name: string;
  before: Side;
  /** Absent for a lookalike, which needs no repair. */
  after?: Side;
  /** The repaired program under the other behaviours of the collector. */
  also: { collector: CollectorMode; side: Side }[];
  /** Why the case proves nothing, as sentences. */
  failures: string[];
}

export interface ProveCaseOptions {
  /** Takes the place of the case's own `after/`, such as the output of a codemod. Like that one, it holds only what differs from `before/`. */
  after?: string;
}

/**
 * Runs a case before and after its repair, and a lookalike as it is: that one must be without fault already. Before, it must lose telemetry, hang or crash; after, it must lose nothing, end within its
 * deadline, and end as it did before.
 * @throws when the case has no run, or its command cannot be started
 */
export async function proveCase(proven: Case, options: ProveCaseOptions = {}): Promise<CaseProof> {
  const spec = proven.run;
  if (!spec) throw new Error(`${proven.name} has nothing to run`);
  const beforeFolder = join(proven.directory, "before");
  const afterFolder = options.after ?? join(proven.directory, "after");
  const before = await runSide(spec, [beforeFolder]);
  if (proven.kind === "lookalike") {
    const failures = [...before.faults, ...odditiesOf(before)];
    return { name: proven.name, before, also: [], failures };
  }
  const after = await runSide(spec, [beforeFolder, afterFolder]);
  const also: CaseProof["also"] = [];
  for (const other of spec.also ?? []) {
    const side = await runSide({ ...spec, ...other, expected: {} }, [beforeFolder, afterFolder]);
    also.push({ collector: other.collector, side });
  }
  return { name: proven.name, before, after, also, failures: failuresOf(before, after, also) };
}

async function runSide(spec: CaseRun, layers: [string, ...string[]]): Promise<Side> {
  const staged = stage(layers);
  try {
    const result = await run({
      command: spec.command,
      cwd: staged.directory,
      scenario: spec.scenario,
      protocols: [spec.receiver].flat().map(protocolNamed),
      collector: spec.collector ?? "accept",
      deadlineMillis: spec.deadlineMillis,
      env: { ...bareEnvironment(), ...spec.env },
    });
    return judge(result, spec.expected, spec);
  } finally {
    staged.remove();
  }
}

/** What a program needs to start at all: settings of the developer's shell must not change a proof. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function judge(result: RunResult, expected: Expected, ending: Pick<CaseRun, "exitCode" | "signal">): Side {
  const lost = lossOf(expected, result.received);
  const faults: string[] = [];
  if (total(lost.counts) > 0) {
    const names = lost.names.length > 0 ? ` (${lost.names.join(", ")})` : "";
    faults.push(`loses ${describeCounts(lost.counts)}${names}`);
  }
  if (!result.signalled) faults.push("ended before it was ready for its signal");
  if (result.timedOut) {
    faults.push(`was still running after ${result.durationMillis} ms`);
  } else if (!sameEnding(result, ending)) {
    faults.push(`ended with ${describeEnding(result)} instead of ${describeEnding(ending)}`);
  }
  return { result, lost, faults };
}

type Ending = Pick<RunResult, "exitCode" | "signal">;

function sameEnding(one: Ending, other: Ending): boolean {
  return one.exitCode === other.exitCode && one.signal === other.signal;
}

function describeEnding({ exitCode, signal }: Ending): string {
  return signal ? `signal ${signal}` : `exit code ${exitCode}`;
}

function failuresOf(before: Side, after: Side, also: CaseProof["also"]): string[] {
  const failures = after.faults.map((fault) => `after: ${fault}`);
  if (before.faults.length === 0) failures.push("before: loses nothing and ends as it should");
  if (!before.result.signalled) failures.push("before: ended before it was ready for its signal");
  // Where losing data is the fault, the repair must leave the ending alone.
  const losesData = total(before.lost.counts) > 0;
  if (losesData && !before.result.timedOut && !sameEnding(before.result, after.result)) {
    failures.push(
      `after: ended with ${describeEnding(after.result)}, before with ${describeEnding(before.result)}`,
    );
  }
  for (const { collector, side } of also) {
    failures.push(...side.faults.map((fault) => `after, collector ${JSON.stringify(collector)}: ${fault}`));
  }
  failures.push(...odditiesOf(before), ...odditiesOf(after));
  return failures;
}

function odditiesOf(side: Side): string[] {
  return side.result.oddities.map((oddity) => `collector: ${oddity}`);
}
