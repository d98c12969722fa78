import type { Hit } from "../flow/world.js";
import { commandMethods } from "../knowledge/process.js";
import type { Call, Fn, Span } from "../syntax/ir.js";
import { areAlternatives, leavesBefore } from "../program/branches.js";
import type { CompetingShutdown } from "../program/details.js";
import { endingsOf, exitsIn, flushesIn, type Ending } from "../program/endings.js";
import { areApart } from "./apart.js";
import { heldProcesses } from "./held.js";
import { exitingHosts } from "./hosts.js";
import { losesAtExit } from "./losses.js";
import { nestHooksOn } from "./missing.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { reachOf, type Reached } from "../program/reach.js";

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
    ...heldProcesses(run, project),
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
    const exits = surelyExits(ending).length > 0;
    // an exit that leaves telemetry out is the exit rule's to report
    const loses = (e: Ending): boolean => exitsIn(e).some((h) => losesAtExit(run, h) !== undefined);
    if (loses(ending)) continue;
    const other = signals.find(
      (o) =>
        o !== ending &&
        !loses(o) &&
        !found.some((f) => f.ending === o && f.other === ending) &&
        // a listener that is set up by the other one is for the second signal
        !o.listeners.includes(ending.fn) &&
        !ending.listeners.includes(o.fn) &&
        o.events.some((e) => ending.events.includes(e)) &&
        (exits ? isCutOff(o, ending) : closesUnder(o, ending)) &&
        !(ending.fn === o.fn && areAlternatives(o.fn.body, ending.call.at, o.call.at)) &&
        !arePartsOfOneOnly(ending, o) &&
        bothRegistered(run, project, ending, o),
    );
    if (other) found.push({ kind: "competing-shutdown", shape: "listeners", ending, other, ...at(ending) });
  }
  return found;
}

/** What one does and what the other does stand in ways of the program of which it goes one only. */
const arePartsOfOneOnly = (a: Ending, b: Ending): boolean =>
  a.hits.length > 0 && b.hits.length > 0 && a.hits.every((x) => b.hits.every((y) => areApart(x, y)));

/** Exits that the listener comes to without a condition of its own. */
function surelyExits(ending: Ending): Hit[] {
  return exitsIn(ending).filter((h) => {
    const step = h.stack.findLast((s) => s.as === "listener");
    return !step || h.guards <= (step.guards ?? 0);
  });
}

/** What `other` does takes time, and the one that exits does not do it too. */
function isCutOff(other: Ending, exiting: Ending): boolean {
  const done = flushesIn(exiting);
  const flushes = flushesIn(other).some(
    (h) => h.facts?.style !== "sync" && h.vendor?.buffering !== "none" && !done.some((d) => isSame(d, h)),
  );
  const closesTelemetry = done.length > 0 || flushesIn(other).length > 0;
  const drains = other.drains.length > 0 && exiting.drains.length === 0;
  return closesTelemetry && (flushes || drains);
}

/** Of two providers of one SDK each has a queue of its own; all else of a vendor is taken for one. */
function isSame(a: Hit, b: Hit): boolean {
  if (a.vendor !== b.vendor) return false;
  const handle = (h: Hit): string | undefined =>
    h.value?.v === "member" && h.value.member.cls.facts.part === "provider"
      ? h.value.member.cls.name
      : undefined;
  return handle(a) === handle(b);
}

/** Neither exits: one closes telemetry while the requests that the other drains still produce. */
const closesUnder = (draining: Ending, closing: Ending): boolean =>
  draining.drains.length > 0 &&
  // it cuts the requests off itself
  !draining.reached.some((r) => r.call.callee.k === "mem" && r.call.callee.p === "closeAllConnections") &&
  closing.drains.length === 0 &&
  !closing.open &&
  // `await once(server, "close")`: it waits for the other one
  !closing.reached.some((r) => r.call.args.some((a) => a.k === "lit" && a.v === "close")) &&
  flushesIn(draining).length === 0 &&
  flushesIn(closing).some((h) => h.facts?.role === "close" && !h.facts.reusable);

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
  const owner = endings.find((e) => e.kind === "owner" && e.owner !== "fastify");
  const nest = nestHooksOn(run, project, true);
  const other = owner ?? (nest ? endings.find((e) => e.kind === "hook") : undefined);
  if (!owner && !nest) return [];
  return endings.flatMap((ending): Competing[] => {
    if (ending.kind !== "signal" || !hasCall(ending) || surelyExits(ending).length === 0) return [];
    // whoever closes the application itself lets the hooks run first
    if (ending.drains.some((d) => /nest|fastify/i.test(d.producer)) || ending.open) return [];
    if (flushesIn(ending).length === 0 && (!other || flushesIn(other).length === 0)) return [];
    if (!bothRegistered(run, project, ending, ...(other ? [other] : []))) return [];
    return [{ kind: "competing-shutdown", shape: "owner", ending, other, ...at(ending) }];
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
      const shape = relation(pair, ending);
      if (shape)
        return [
          {
            kind: "competing-shutdown",
            shape,
            ending,
            other: undefined,
            drain,
            close,
            at: pair.close.at,
            call: pair.close,
            fn: homeOf(pair.close, ending) ?? close.fn,
          },
        ];
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

const homeOf = (call: Call, ending: Ending): Fn | undefined =>
  ending.reached.find((r) => r.call === call)?.fn;

function relation(
  { close, drain }: { close: Call; drain: Call },
  ending: Ending,
): "order" | "parallel" | undefined {
  const home = homeOf(close, ending);
  if (!home || ending.reached.find((r) => r.call === drain)?.fn.module !== home.module) return undefined;
  const both = home.module.calls.some(
    ({ call }) =>
      call.callee.k === "mem" &&
      /^(all|allSettled)$/.test(call.callee.p ?? "") &&
      contains(call.at, close.at) &&
      contains(call.at, drain.at),
  );
  if (both) return "parallel";
  const earlier = ending.drains.some(
    (d) => d.fn.module === home.module && contains(home.at, d.call.at) && d.call.at[1] <= close.at[0],
  );
  const exits = exitsIn(ending).map((h) => h.at);
  if (earlier || leavesBefore(home.body, close.at, drain.at, exits)) return undefined;
  return close.at[1] <= drain.at[0] ? "order" : undefined;
}

const contains = (outer: Span, inner: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];
