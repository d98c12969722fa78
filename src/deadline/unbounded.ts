import type { Hit } from "../flow/world.js";
import type { Call, Expr, Fn, Span } from "../syntax/ir.js";
import type { UnboundedShutdown } from "../program/details.js";
import { endingsOf, exitsIn, type Ending } from "../program/endings.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { functionsIn, reachOf } from "../program/reach.js";
import { limitOf, type Limit } from "./limits.js";
import { isDropped, isFlush, isRace, isRaced, nameOf, racesInside, waitsForever } from "./waits.js";
import { overBudget } from "./budgets.js";

/** A wait without an end, and where to say so. */
export interface Unbounded extends UnboundedShutdown {
  at: Span;
  call: Call;
  fn: Fn;
  /** For `wrong-unit`: what was given. */
  limit?: Limit;
}

/** Every wait of a program's endings that may never come to its end, or ends before it began. */
export function unboundedShutdowns(run: Run, project: Project, strict: boolean): Unbounded[] {
  const endings = endingsOf(run, project);
  const found: Unbounded[] = run.hits.flatMap((h) => wrongUnit(h, project));
  for (const ending of endings) {
    if (ending.kind === "exit" || isBounded(ending, endings)) continue;
    found.push(...withoutLimit(ending, project, strict));
    // elsewhere a rejection that nobody takes ends the process, if not as it was meant to
    const swallowed = strict || swallowsRejections(endings);
    found.push(...thenExit(ending, project, swallowed), ...(swallowed ? uncaught(ending) : []));
  }
  found.push(...beforeTheEnd(run, project, endings, strict), ...waitingTimers(run, project));
  found.push(...overBudget(run, project, endings));
  const seen = new Set<Call | undefined>();
  return found.filter((f) => !seen.has(f.flush.call) && seen.add(f.flush.call));
}

/** Owners that bound what they wait for by themselves. */
const BOUNDING = new Set([
  "close-with-grace",
  "lightship",
  "http-graceful-shutdown",
  "exit-hook",
  "async-exit-hook",
  "node-graceful-shutdown",
  "fastify-graceful-shutdown",
]);

const isBounded = (ending: Ending, endings: readonly Ending[]): boolean =>
  (ending.kind === "owner" || ending.kind === "hook") &&
  endings.some((e) => BOUNDING.has(e.owner ?? "") || (e.kind === "signal" && e.deadline));

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];
const about = (h: Hit & { call: Call }): { at: Span; call: Call; fn: Fn } => ({
  at: h.call.at,
  call: h.call,
  fn: h.fn,
});
/** `Sentry.flush(2)` waits two milliseconds; `close(2000)` of an SDK that counts seconds waits half an hour. */
function wrongUnit(h: Hit, project: Project): Unbounded[] {
  if (!isFlush(h) || !h.facts.timeout) return [];
  const limit = limitOf(h.call, h.facts.timeout, h.fn.module, project);
  if (limit?.value === undefined || limit.value <= 0) return [];
  const wrong = h.facts.timeout.unit === "ms" ? limit.value < 50 : limit.value >= 500;
  return wrong
    ? [{ kind: "unbounded-shutdown", shape: "wrong-unit", flush: h, ending: undefined, limit, ...about(h) }]
    : [];
}

/** Nothing bounds the call: no limit of its own, none given, no race around it, no timer that ends the process. */
function withoutLimit(ending: Ending, project: Project, strict: boolean): Unbounded[] {
  if (ending.deadline) return [];
  return ending.hits.filter(isFlush).flatMap((h): Unbounded[] => {
    if (!waitsForever(h, project, strict) || isRaced(h.call, h.fn)) return [];
    // started and left to itself: nobody waits
    if (isDropped(h.call, h.fn)) return [];
    // some way to it leads through no race and no wrapper that is given the promise
    const open = reachOf(
      ending.listeners,
      project.values,
      (call, fn) => !isRace(call) && !isRaced(call, fn) && !racesInside(call, fn, project),
    ).some((r) => r.call === h.call);

    return open ? [{ kind: "unbounded-shutdown", shape: "no-limit", flush: h, ending, ...about(h) }] : [];
  });
}

/** `.then(() => exit(0))`, where a rejection skips the exit. */
function thenExit(ending: Ending, project: Project, swallowed: boolean): Unbounded[] {
  const flushes = ending.hits.filter(isFlush);
  return exitsIn(ending).flatMap((exit): Unbounded[] => {
    const step = exit.stack.at(-1);
    const then = step?.call;
    if (
      !then ||
      step.as !== "call" ||
      then.callee.k !== "mem" ||
      then.callee.p !== "then" ||
      then.args.length > 1
    )
      return [];
    const home = ending.reached.find((r) => r.call === then)?.fn;
    if (!home || exit.inTimer || ending.deadline || exitsWhenRejected(then, home, project)) return [];
    const chain = then.callee.o;
    const calls = home.module.calls.filter((c) => within(c.call.at, chain.at));
    if (
      calls.some(
        ({ call }) =>
          /^(catch|finally|allSettled)$/.test(nameOf(call)) ||
          (nameOf(call) === "then" && call.args.length > 1),
      )
    )
      return [];
    const roots = calls.flatMap((c) =>
      project.values.callee(c.call.callee, home.module).flatMap((v) => (v.v === "fn" ? [v.fn] : [])),
    );
    const reached = new Set(reachOf(roots, project.values).map((r) => r.call));
    const flush = flushes.find(
      (h) =>
        (within(h.call.at, chain.at) || reached.has(h.call)) &&
        h.facts.rejects === true &&
        h.caught !== true &&
        (within(h.call.at, chain.at) || !isHandled(h.call, h.fn)),
    );
    // a failure of what is stopped first skips the flush as well
    const skipsFlush = flush && baseOf(chain) !== flush.call && !comesTo(baseOf(chain), home, flush, project);
    // a `catch` that goes on takes the failure for itself: neither the exit nor a crash follows
    return flush && (swallowed || skipsFlush || isHandled(then, home))
      ? [
          {
            kind: "unbounded-shutdown",
            shape: "then-exit",
            flush,
            ending,
            at: then.at,
            call: then,
            fn: home,
          },
        ]
      : [];
  });
}

/** `a().then(b).then(c)`: the call of `a`. */
const baseOf = (e: Expr): Expr =>
  e.k === "call" && e.callee.k === "mem" && /^(then|catch|finally)$/.test(e.callee.p ?? "")
    ? baseOf(e.callee.o)
    : e;

const comesTo = (e: Expr, home: Fn, flush: Hit, project: Project): boolean =>
  e.k === "call" &&
  reachOf(
    project.values.callee(e.callee, home.module).flatMap((v) => (v.v === "fn" ? [v.fn] : [])),
    project.values,
  ).some((r) => r.call === flush.call);

/** What takes the rejection down the chain ends the process too, or is not shown by the program. */
function exitsWhenRejected(then: Call, home: Fn, project: Project): boolean {
  return home.module.calls.some(({ call, fn }) => {
    if (call === then || call.callee.k !== "mem" || !within(then.at, call.callee.o.at)) return false;
    const handler = call.callee.p === "then" ? call.args[1] : call.args[0];
    if (!/^(catch|finally|then)$/.test(call.callee.p ?? "") || !handler) return false;
    const fns = functionsIn(handler, fn, project.values);
    if (fns.length === 0)
      return !(handler.k === "mem" && handler.o.k === "id" && handler.o.name === "console");
    return reachOf(fns, project.values).some((r) =>
      project.values.callee(r.call.callee, r.fn.module).some((v) => v.v === "exit"),
    );
  });
}

/** Somebody down the chain takes the rejection. */
function isHandled(then: Call, home: Fn): boolean {
  return home.module.calls.some(
    ({ call }) =>
      call !== then &&
      call.callee.k === "mem" &&
      within(then.at, call.callee.o.at) &&
      (/^(catch|finally)$/.test(call.callee.p ?? "") || (call.callee.p === "then" && call.args.length > 1)),
  );
}

/** With a listener for rejections that goes on, an ending whose flush rejects never reaches its exit. */
const swallowsRejections = (endings: readonly Ending[]): boolean =>
  endings.some(
    (e) =>
      e.events.includes("unhandledRejection") &&
      exitsIn(e).length === 0 &&
      !e.open &&
      !e.listeners.some((fn) => fn.body.some((s) => s.s === "throw")),
  );

function uncaught(ending: Ending): Unbounded[] {
  if (ending.kind !== "signal" || ending.deadline || exitsIn(ending).length === 0) return [];
  return ending.hits.filter(isFlush).flatMap((h): Unbounded[] => {
    const own = ending.listeners.includes(h.fn) && h.fn.async;
    if (!own || h.facts.rejects !== true || h.caught || h.facts.style !== "promise") return [];
    if (isHandled(h.call, h.fn) || isRaced(h.call, h.fn)) return [];
    return [{ kind: "unbounded-shutdown", shape: "uncaught", flush: h, ending, ...about(h) }];
  });
}

/** On the way to the end of a command, or to an exit: offline it hangs. */
function beforeTheEnd(run: Run, project: Project, endings: readonly Ending[], strict: boolean): Unbounded[] {
  const command = lifespanOf(run, project) === "one-shot";
  return run.hits.filter(isFlush).flatMap((h): Unbounded[] => {
    const main = h.stack.every((s) => s.as !== "listener") && h.stack[0]?.as === "entry" && !h.inTimer;
    if (!main || !waitsForever(h, project, strict) || isRaced(h.call, h.fn)) return [];
    // nobody waits for it: another rule's matter
    if (isDropped(h.call, h.fn)) return [];
    if (!(command || leadsToExit(h, run)) || endings.some((e) => e.hits.includes(h))) return [];
    if (h.stack.some((s) => s.call && (isRace(s.call) || isRaced(s.call, s.fn.parent ?? s.fn)))) return [];
    if (run.hits.some((e) => e.kind === "exit" && e.inTimer)) return [];
    return [{ kind: "unbounded-shutdown", shape: "no-limit", flush: h, ending: undefined, ...about(h) }];
  });
}

/** The exit stands behind the flush, in its function or in the chain that the flush begins. */
const leadsToExit = (h: Hit & { call: Call }, run: Run): boolean =>
  run.hits.some((e) => {
    if (e.kind !== "exit" || e.inTimer) return false;
    const chain = e.stack.at(-1)?.call;
    const chained = chain?.callee.k === "mem" && within(h.call.at, chain.callee.o.at);
    return chained || (e.fn === h.fn && e.at[0] > h.at[0]);
  });

/** A command that races its flush against a timer nobody clears waits for the timer, however fast the flush was. */
function waitingTimers(run: Run, project: Project): Unbounded[] {
  if (lifespanOf(run, project) !== "one-shot" || run.hits.some((h) => h.kind === "exit")) return [];
  return run.hits.filter(isFlush).flatMap((h): Unbounded[] => {
    const { module } = h.fn;
    const race = module.calls.find(({ call }) => nameOf(call) === "race" && within(h.call.at, call.at));
    if (!race || module.calls.some(({ call }) => nameOf(call) === "clearTimeout" || nameOf(call) === "unref"))
      return [];
    const timer = module.calls.find(
      ({ call }) => nameOf(call) === "setTimeout" && within(call.at, race.call.at),
    );
    return timer
      ? [
          {
            kind: "unbounded-shutdown",
            shape: "race-timer",
            flush: h,
            ending: undefined,
            at: race.call.at,
            call: timer.call,
            fn: timer.fn,
          },
        ]
      : [];
  });
}
