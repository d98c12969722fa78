import { competingShutdowns, type Competing } from "../src/ending/competing.js";
import { exitsIn } from "../src/program/endings.js";
import type { Because, RunReport, Rule } from "../src/program/view.js";

/** Two endings of one program race, or telemetry is closed before what still produces it. */
export const noCompetingShutdown: Rule<RunReport> = {
  name: "no-competing-shutdown",
  level: "warning",
  summary: "Two endings race, or telemetry closes before the server has drained.",
  recommended: true,
  fixable: true,
  check(project) {
    const reports = new Map<object, RunReport>();
    for (const run of project.runs())
      for (const found of competingShutdowns(run, project))
        if (!reports.has(found.call) && !project.index.isTest(found.fn.module.file))
          reports.set(found.call, report(found));
    return [...reports.values()];
  },
};

function report(found: Competing): RunReport {
  const { ending, other, drain, close, release, call, fn, at, shape } = found;
  const event = ending?.events[0] ?? "the end";
  const name = close?.vendor?.name ?? "telemetry";
  const message = {
    listeners:
      ending && exitsIn(ending).length === 0
        ? `This listener closes telemetry on ${event} while another one still drains what produces it, and that is lost; make them one ending.`
        : `This listener ends the process on ${event} while another one is still at work, whose telemetry or requests are lost; make them one ending.`,
    owner: `This listener ends the process on ${event} beside ${other?.owner ?? "a library"}, which then cannot finish what it was given; close everything there.`,
    host: `A library that ends the process on ${event} cuts off the endings of the program that loads it; leave the exit to the program.`,
    order: `${name} is closed before ${article(drain?.producer)} has drained, so what its last work records is lost; close telemetry last.`,
    parallel: `${name} is closed while ${article(drain?.producer)} is still draining, so what its last work records is lost; close telemetry after it.`,
    held: `${name} is waited for without a limit before another process is let go, so a silent collector keeps both alive; let go first, or bound the wait.`,
  }[shape];
  const why: Because[] = [];
  if (other?.call) why.push({ fn: other.fn, at: other.call.at, message: "the other one is registered here" });
  else if (other) why.push({ fn: other.fn, at: other.fn.at, message: "this hook is cut off" });
  if (drain) why.push({ fn: drain.fn, at: drain.call.at, message: "it is drained here" });
  if (release) why.push({ fn: release.fn, at: release.call.at, message: "the other process is let go here" });
  if (release && close?.call && close.call !== call)
    why.push({ fn: close.fn, at: close.at, message: `${name} is waited for here` });
  if (close?.call && ending?.call)
    why.push({ fn: ending.fn, at: ending.call.at, message: "the ending is registered here" });
  return {
    rule: noCompetingShutdown.name,
    level: noCompetingShutdown.level,
    module: fn.module,
    at,
    fn,
    message,
    why,
    call,
    hit: close ?? ending?.hits[0] ?? noHit(found),
    details: found,
  };
}

const article = (producer = "server"): string => `the ${producer}`;

/** A report is about a hit; a listener without one stands for itself. */
const noHit = ({ call, fn, at }: Competing): RunReport["hit"] => ({
  kind: "exit",
  at,
  call,
  fn,
  states: 0,
  stack: [],
  guards: 0,
  loop: undefined,
  inTimer: false,
});
