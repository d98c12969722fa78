import { graceOf } from "../delivery/grace.js";
import { neededBy } from "../delivery/needed.js";
import type { Hit } from "../flow/world.js";
import type { CallFacts } from "../knowledge/schema.js";
import type { Binding, Call, Fn, Module, Span } from "../syntax/ir.js";
import { sequencesOf, type Sequence } from "./costs.js";
import type { Budget } from "../program/details.js";
import type { Ending } from "../program/endings.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { reachOf, type Reached } from "../program/reach.js";
import type { Unbounded } from "./unbounded.js";
import { isFlush, isRace, isRaced } from "./waits.js";

type Flush = Hit & { call: Call; facts: CallFacts };

/** Waits for telemetry that may take longer than the time which the program shows that they have. */
export function overBudget(run: Run, project: Project, endings: readonly Ending[]): Unbounded[] {
  return [...ignoredLimits(run, project), ...beyondGrace(run, project, endings)];
}

/** The container is killed while an ending still waits. */
function beyondGrace(run: Run, project: Project, endings: readonly Ending[]): Unbounded[] {
  const ending = endings.find((e) => e.kind === "signal" && e.events.includes("SIGTERM") && !e.deadline);
  if (!ending || !ending.hits.some(isFlush) || lifespanOf(run, project) !== "service") return [];
  const grace = graceOf(run, project);
  // where the program itself takes more time than that, the manifest is to be changed
  if (!grace || (neededBy(ending, grace.env, project)?.millis ?? 0) > grace.millis) return [];
  const budget = { millis: grace.millis, from: { file: grace.place.fn.module.file } };
  return longerThan(budget, ending.hits.filter(isFlush), ending.reached, project).map((u) => ({
    ...u,
    ending,
  }));
}

const LIMIT =
  /(^|_|\w)(time_?out|deadline|max_?wait|time_?limit)(_?in)?_?(ms|millis|milliseconds|secs?|seconds)?$/i;
const SECONDS = /(secs?|(?<!milli)seconds)$/i;

/** Functions that are given a time limit, read it nowhere, and wait for telemetry longer than that. */
function ignoredLimits(run: Run, project: Project): Unbounded[] {
  const flushes = new Map<Call, Flush>();
  for (const h of run.hits) if (isFlush(h)) flushes.set(h.call, h);
  if (flushes.size === 0) return [];
  const modules = [...project.marks.modules.keys()].filter(
    (m) => run.files.has(m.file) && !project.index.isTest(m.file),
  );
  return modules.flatMap(unreadLimitsIn).flatMap(({ fn, limit }): Unbounded[] => {
    const reached = reachOf([fn], project.values).filter((r) => !r.inTimer);
    if (reached.some((r) => isRace(r.call))) return [];
    const own = reached.flatMap((r) => flushes.get(r.call) ?? []);
    const budget = { millis: limit.millis, from: { fn, at: limit.bind.at } };
    return longerThan(budget, own, reached, project);
  });
}

interface Limit {
  bind: Binding;
  millis: number;
}

/** The functions of a module that leave a limit unread. Cached: programs share their modules. */
function unreadLimitsIn(module: Module): { fn: Fn; limit: Limit }[] {
  let known = unread.get(module);
  if (!known) {
    known = module.fns.flatMap((fn) => {
      const limit = unreadLimit(fn);
      return limit ? [{ fn, limit }] : [];
    });
    unread.set(module, known);
  }
  return known;
}

const unread = new WeakMap<Module, { fn: Fn; limit: Limit }[]>();

/** A parameter that says how long to wait, with a number for its default, which the function does not read. */
function unreadLimit(fn: Fn): Limit | undefined {
  // who implements or extends something has its parameters from there
  if (fn.cls ? fn.cls.superClass || fn.cls.implemented.length > 0 : fn.kind === "method") return undefined;
  for (const bind of fn.params.flat()) {
    const [value] = bind.values;
    // an underscore says that it is not read on purpose
    if (
      bind.name.startsWith("_") ||
      !LIMIT.test(bind.name) ||
      bind.uses.length > 0 ||
      bind.values.length !== 1
    )
      continue;
    if (value?.k !== "lit" || typeof value.v !== "number" || value.v <= 0) continue;
    const inSeconds = SECONDS.test(bind.name);
    return { bind, millis: inSeconds ? value.v * 1000 : value.v };
  }
  return undefined;
}

/**
 * The first wait that is too long. One that is too long by itself is reported where the function with the budget begins to wait;
 * several that are so only together, where the first of them is.
 */
function longerThan(
  { millis, from }: Omit<Budget, "needed">,
  flushes: readonly Flush[],
  reached: readonly Reached[],
  project: Project,
): Unbounded[] {
  for (const sequence of sequencesOf(flushes, project)) {
    const { flushes: all, millis: needed } = sequence;
    const [first] = all;
    const way = reached.find((r) => r.call === first?.call);
    if (!first || !way || needed <= millis || isBounded(way, reached)) continue;
    const about = { kind: "unbounded-shutdown" as const, ending: undefined, flush: first };
    const budget = { millis, needed, from };
    const longest = Math.max(...all.flatMap((f) => sequencesOf([f], project)).map((s) => s.millis));
    if (longest <= millis)
      return [
        {
          ...about,
          ...place(first.call, first.fn),
          shape: "one-by-one",
          budget,
          sequence: callsOf(sequence),
        },
      ];
    const begin = beginOf(way, reached);
    return [{ ...about, ...place(begin.call, begin.fn), shape: "over-budget", budget }];
  }
  return [];
}

/** The outermost call of the way that is waited for; one that only holds the rest in its callback is none. */
function beginOf(way: Reached, reached: readonly Reached[]): { call: Call; fn: Fn } {
  const steps = [...way.path.flatMap((c) => reached.find((r) => r.call === c) ?? []), way];
  const begin = steps.find(({ call, fn }, i) => {
    const next = steps[i + 1];
    return !next || next.fn.module !== fn.module || !within(next.call.at, call.at);
  });
  return begin ?? way;
}

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];
const place = (call: Call, fn: Fn): Pick<Unbounded, "at" | "call" | "fn"> => ({ at: call.at, call, fn });
const callsOf = ({ flushes }: Sequence): Call[] => flushes.map((f) => f.call);

/** A race stands around a step of the way. */
const isBounded = ({ path }: Reached, reached: readonly Reached[]): boolean =>
  path.some((c) => {
    const home = reached.find((r) => r.call === c)?.fn;
    return isRace(c) || (home !== undefined && isRaced(c, home));
  });
