import { join } from "node:path";
import type { Case, CaseRun, Circumstance } from "./caseFile.js";
import { describeCounts, lossOf, total, type Expected, type Loss } from "./expected.js";
import { canReceive } from "./receivers/collector.js";
import { protocolNamed } from "./receivers/index.js";
import { run, signalOf, type RunResult } from "./run.js";
import { stage } from "./staging.js";

/** One side of a proof: how the program ran, and what is wrong with that, as sentences. */
export interface Side {
  result: RunResult;
  lost: Loss;
  /** That telemetry was lost, or the program ended otherwise than it should. */
  faults: string[];
  /** That requests of the load were not answered. */
  unanswered: string[];
}

/** The proof of one case. It holds when `failures` is empty. */
export interface CaseProof {
  name: string;
  before: Side;
  /** Absent for a lookalike, which needs no repair. */
  after?: Side;
  /** The repaired program under other circumstances. */
  also: { circumstance: Circumstance; side: Side }[];
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
    const failures = [...before.faults, ...before.unanswered, ...odditiesOf(before)];
    return { name: proven.name, before, also: [], failures };
  }
  const after = await runSide(spec, [beforeFolder, afterFolder]);
  const also: CaseProof["also"] = [];
  for (const circumstance of spec.also ?? []) {
    also.push({ circumstance, side: await runRepaired(proven, circumstance, options) });
  }
  return { name: proven.name, before, after, also, failures: failuresOf(spec, before, after, also) };
}

/**
 * Runs the repaired program of a case under another circumstance, and judges what then can be asked of it.
 * @throws when the case has no run, or its command cannot be started
 */
export async function runRepaired(
  proven: Case,
  circumstance: Circumstance,
  options: ProveCaseOptions = {},
): Promise<Side> {
  const spec = proven.run;
  if (!spec) throw new Error(`${proven.name} has nothing to run`);
  const layers: [string, string] = [
    join(proven.directory, "before"),
    options.after ?? join(proven.directory, "after"),
  ];
  if (circumstance.secondSignalMillis === undefined) {
    const expected = canReceive(circumstance.collector) ? spec.expected : {};
    return runSide({ ...spec, ...circumstance, expected }, layers);
  }
  const signal = signalOf(spec.scenario) ?? null;
  const ending = { exitCode: null, signal, expected: {} };
  return { ...(await runSide({ ...spec, ...circumstance, ...ending }, layers)), unanswered: [] };
}

async function runSide(
  spec: CaseRun & Pick<Circumstance, "secondSignalMillis">,
  layers: [string, ...string[]],
): Promise<Side> {
  const staged = stage(layers);
  try {
    const result = await run({
      command: spec.command,
      cwd: staged.directory,
      scenario: spec.scenario,
      protocols: [spec.receiver].flat().map(protocolNamed),
      collector: spec.collector ?? "accept",
      deadlineMillis: spec.deadlineMillis,
      ...(spec.load && { load: spec.load }),
      ...(spec.handler !== undefined && { handler: spec.handler }),
      ...(spec.invocations && { invocations: spec.invocations }),
      ...(spec.secondSignalMillis !== undefined && { secondSignalMillis: spec.secondSignalMillis }),
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

function judge(
  result: RunResult,
  expected: Expected,
  ending: Pick<CaseRun, "exitCode" | "signal" | "scenario">,
): Side {
  const lost = lossOf(expected, result.received);
  const faults: string[] = [];
  if (total(lost.counts) > 0) {
    const names = lost.names.length > 0 ? ` (${lost.names.join(", ")})` : "";
    faults.push(`loses ${describeCounts(lost.counts)}${names}`);
  }
  if (!result.signalled) faults.push(tooEarly(ending));
  if (result.timedOut) {
    faults.push(`was still running after ${result.durationMillis} ms`);
  } else if (!sameEnding(result, ending)) {
    faults.push(`ended with ${describeEnding(result)} instead of ${describeEnding(ending)}`);
  }
  const unanswered = result.unanswered.map((request) => `leaves a request unanswered: ${request}`);
  return { result, lost, faults, unanswered };
}

const tooEarly = ({ scenario }: Pick<CaseRun, "scenario">): string =>
  scenario === "freeze" ? "ended before it had answered" : "ended before its signal was sent";

type Ending = Pick<RunResult, "exitCode" | "signal">;

function sameEnding(one: Ending, other: Ending): boolean {
  return one.exitCode === other.exitCode && one.signal === other.signal;
}

function describeEnding({ exitCode, signal }: Ending): string {
  return signal ? `signal ${signal}` : `exit code ${exitCode}`;
}

function failuresOf(spec: CaseRun, before: Side, after: Side, also: CaseProof["also"]): string[] {
  const failures = [...after.faults, ...after.unanswered].map((fault) => `after: ${fault}`);
  if (before.faults.length === 0) failures.push("before: loses nothing and ends as it should");
  if (!before.result.signalled) failures.push(`before: ${tooEarly(spec)}`);
  failures.push(...endingFailures(spec, before, after));
  for (const { circumstance, side } of also) {
    const where = `after, collector ${JSON.stringify(circumstance.collector)}`;
    failures.push(...[...side.faults, ...side.unanswered].map((fault) => `${where}: ${fault}`));
  }
  failures.push(...odditiesOf(before), ...odditiesOf(after));
  return failures;
}

/** What is wrong with how the two sides end, compared with each other. */
function endingFailures({ exitCodeBefore }: CaseRun, before: Side, after: Side): string[] {
  if (exitCodeBefore !== undefined) {
    const found = behaviour(before.result);
    const wanted = behaviour({
      exitCode: exitCodeBefore,
      signal: null,
      timedOut: exitCodeBefore === null,
    });
    return found === wanted ? [] : [`before: ${found}, where it should have ${wanted}`];
  }
  // Where losing data is the fault, the repair must leave the ending alone.
  const losesData = total(before.lost.counts) > 0;
  if (!losesData || before.result.timedOut || sameEnding(before.result, after.result)) return [];
  return [`after: ended with ${describeEnding(after.result)}, before with ${describeEnding(before.result)}`];
}

function behaviour(result: Ending & Pick<RunResult, "timedOut">): string {
  return result.timedOut ? "lived on" : `ended with ${describeEnding(result)}`;
}

function odditiesOf(side: Side): string[] {
  return side.result.oddities.map((oddity) => `collector: ${oddity}`);
}
