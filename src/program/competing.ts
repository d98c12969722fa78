import type { Hit } from "../flow/world.js";
import { commandMethods } from "../knowledge/process.js";
import type { Call, Fn, Span } from "../syntax/ir.js";
import type { CompetingShutdown } from "./details.js";
import { endingsOf, exitsIn, flushesIn, type Drain, type Ending } from "./endings.js";
import { isPublished } from "./lifespan.js";
import { nestHooksOn } from "./missing.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";
import { reachOf, type Reached } from "./reach.js";

/** Two endings that get in each other's way, and where to say so. */
export interface Competing extends CompetingShutdown {
  at: Span;
  call: Call;
  fn: Fn;
}

/** Every pair of endings (or of steps of one ending) of a program of which one undoes the other. */
export function competingShutdowns(run: Run, project: Project): Competing[] {
  const endings = endingsOf(run, project);
  return [
    ...racing(run, project, endings),
    ...besideOwners(run, project, endings),
    ...exitingHosts(run, project, endings),
    ...endings.flatMap((e) => closedTooEarly(e)),
  ];
}

const at = (ending: Ending & { call: Call }): { at: Span; call: Call; fn: Fn } => ({
  at: ending.call.at,
  call: ending.call,
  fn: ending.fn,
});

const hasCall = (e: Ending): e is Ending & { call: Call } => e.call !== undefined;

/** Two listeners of one signal: one ends the process while the other has not come to its end. */
function racing(run: Run, project: Project, endings: readonly Ending[]): Competing[] {
  const signals = endings.filter((e) => e.kind === "signal" && hasCall(e)) as (Ending & { call: Call })[];
  const found: Competing[] = [];
  for (const ending of signals) {
    if (surelyExits(ending).length === 0) continue;
    const other = signals.find(
      (o) =>
        o !== ending &&
        o.fn !== ending.listeners[0] &&
        o.events.some((e) => ending.events.includes(e)) &&
        isCutOff(o, ending) &&
        bothRegistered(run, project, ending, o),
    );
    if (other) found.push({ kind: "competing-shutdown", shape: "listeners", ending, other, ...at(ending) });
  }
  return found;
}

/** Exits that the listener comes to without a condition of its own. */
function surelyExits(ending: Ending): Hit[] {
  return exitsIn(ending).filter((h) => {
    const step = h.stack.findLast((s) => s.as === "listener" && s.call === ending.call);
    return !step || h.guards <= (step.guards ?? 0);
  });
}

/** What `other` does takes time, and the one that exits does not do it too. */
function isCutOff(other: Ending, exiting: Ending): boolean {
  const vendors = new Set(flushesIn(exiting).map((h) => h.vendor));
  const flushes = flushesIn(other).some((h) => h.facts?.style !== "sync" && h.vendor?.buffering !== "none" && !vendors.has(h.vendor));
  const closesTelemetry = vendors.size > 0 || flushesIn(other).length > 0;
  const drains = other.drains.length > 0 && exiting.drains.length === 0;
  return closesTelemetry && (flushes || drains);
}

/** Both are registered when the program starts, not each in a command of its own. */
function bothRegistered(run: Run, project: Project, ...pair: Ending[]): boolean {
  const ways = registered(run, project);
  return pair.every((e) => {
    if (!e.call || e.fn.kind === "module") return true;
    const way = ways.get(e.call);
    return way !== undefined && !way.path.some(isCommand);
  });
}

const isCommand = ({ callee }: Call): boolean =>
  callee.k === "mem" && commandMethods.includes(callee.p ?? "");

const known = new WeakMap<Run, Map<Call, Reached>>();

function registered(run: Run, project: Project): Map<Call, Reached> {
  let ways = known.get(run);
  if (!ways) {
    const tops = [...run.entry.preloads, ...project.index.evaluationOrder(run.entry)].flatMap((file) => {
      const module = project.marks.modules.size > 0 ? project.module(file) : undefined;
      return module ? [module.top] : [];
    });
    ways = new Map(reachOf(tops, project.values).map((r) => [r.call, r]));
    known.set(run, ways);
  }
  return ways;
}

/** A library or framework that ends the process when it is done, beside a listener that does not wait for it. */
function besideOwners(run: Run, project: Project, endings: readonly Ending[]): Competing[] {
  const owner = endings.find((e) => e.kind === "owner" && (flushesIn(e).length > 0 || e.drains.length > 0));
  const hook = nestHooksOn(run, project)
    ? endings.find((e) => e.kind === "hook" && flushesIn(e).length > 0)
    : undefined;
  const other = owner ?? hook;
  if (!other) return [];
  return endings.flatMap((ending): Competing[] => {
    if (ending.kind !== "signal" || !hasCall(ending) || surelyExits(ending).length === 0) return [];
    // whoever closes the application itself lets the hooks run first
    if (ending.drains.some((d) => /nest|fastify/i.test(d.producer)) || ending.open) return [];
    if (!bothRegistered(run, project, ending, other)) return [];
    return [{ kind: "competing-shutdown", shape: "owner", ending, other, ...at(ending) }];
  });
}

const ASKS = /^(listenerCount|listeners|rawListeners|eventNames)$/;
const OFFERS = /shut|exit|signal|graceful|hook|terminat|handler/i;

/** A package that ends the process of the program that installed it. */
function exitingHosts(run: Run, project: Project, endings: readonly Ending[]): Competing[] {
  if (!isPublished(run, project)) return [];
  return endings.flatMap((ending): Competing[] => {
    if (ending.kind !== "signal" || !hasCall(ending) || exitsIn(ending).length === 0) return [];
    const { module } = ending.fn;
    const asks = module.calls.some(({ call: { callee } }) => callee.k === "mem" && ASKS.test(callee.p ?? ""));
    let outer = ending.fn;
    while (outer.parent && outer.parent.kind !== "module") outer = outer.parent;
    // a function that a host calls to be given these listeners is asked for
    const offered = outer.kind !== "module" && !outer.cls && OFFERS.test(outer.name ?? "");
    if (asks || offered) return [];
    return [{ kind: "competing-shutdown", shape: "host", ending, other: undefined, ...at(ending) }];
  });
}

/** In one ending telemetry is closed before, or at the same time as, what still produces. */
function closedTooEarly(ending: Ending): Competing[] {
  if (ending.kind === "exit" || ending.kind === "hook") return [];
  const inOrder = new Map(ending.reached.map((r) => [r.call, r]));
  for (const close of flushesIn(ending)) {
    if (close.facts?.role !== "close" || close.facts.reusable || !close.call || !isWhole(close)) continue;
    const way = inOrder.get(close.call);
    if (!way) continue;
    for (const drain of ending.drains) {
      const other = inOrder.get(drain.call);
      const pair = other && parting([...way.path, close.call], [...other.path, drain.call]);
      if (!pair) continue;
      const shape = relation(pair, ending, drain);
      if (shape)
        return [{ kind: "competing-shutdown", shape, ending, other: undefined, drain, close, at: close.at, call: close.call, fn: close.fn }];
    }
  }
  return [];
}

/** Not a part of it: a processor that is closed on its own is another matter. */
function isWhole({ value }: Hit): boolean {
  const part = value?.v === "member" ? value.member.cls.facts.part : "sdk";
  return part === "sdk" || part === "provider" || part === "client" || part === undefined;
}

/** The two calls at which the ways part. */
function parting(a: Call[], b: Call[]): { close: Call; drain: Call } | undefined {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  const close = a[i];
  const drain = b[i];
  return close && drain ? { close, drain } : undefined;
}

function relation(
  { close, drain }: { close: Call; drain: Call },
  ending: Ending,
  { fn }: Drain,
): "order" | "parallel" | undefined {
  const home = ending.reached.find((r) => r.call === close)?.fn;
  if (!home || ending.reached.find((r) => r.call === drain)?.fn.module !== home.module) return undefined;
  const both = home.module.calls.some(
    ({ call }) =>
      call.callee.k === "mem" &&
      /^(all|allSettled)$/.test(call.callee.p ?? "") &&
      contains(call.at, close.at) &&
      contains(call.at, drain.at),
  );
  if (both) return "parallel";
  const earlier = ending.drains.some((d) => d.fn === fn && d.call.at[0] < close.at[0] && d.fn.module === home.module);
  return close.at[1] <= drain.at[0] && !earlier ? "order" : undefined;
}

const contains = (outer: Span, inner: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];
