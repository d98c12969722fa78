import type { Hit } from "../flow/world.js";
import { commandMethods } from "../knowledge/process.js";
import type { Call, Fn, Span } from "../syntax/ir.js";
import type { FloatingFlush } from "../program/details.js";
import { endingsOf, type Ending } from "../program/endings.js";
import { isOclif, lifespanOf } from "../program/lifespan.js";
import { leavesBefore } from "../program/branches.js";
import { losesAtExit } from "./losses.js";
import { prematureClosings } from "./premature.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { functionsIn, reachOf } from "../program/reach.js";
import { isStatement } from "./uncalled.js";
import { returnsOf } from "../program/value-sets.js";
import { exportersFlushed, insideSpan, passedExit } from "./misplaced.js";

/** A flush whose end nobody waits for, and where to say so. */
export interface Floating extends FloatingFlush {
  at: Span;
  call: Call;
  fn: Fn;
}

const known = new WeakMap<Run, Floating[]>();

/** Every flush or close of a program whose end gets lost in a way that loses telemetry. Cached. */
export function floatingFlushes(run: Run, project: Project): Floating[] {
  let found = known.get(run);
  if (!found) known.set(run, (found = find(run, project)));
  return found;
}

function find(run: Run, project: Project): Floating[] {
  const endings = endingsOf(run, project);
  const flushes = run.hits.filter(
    (h) => h.kind === "flush" && h.call && h.facts?.style !== "sync" && buffers(h),
  );
  return [
    ...inExitListeners(endings),
    ...run.hits
      .filter((h) => h.kind === "floating")
      .flatMap((h) => dropped(h, { run, project, endings, flushes })),
    ...insideSpan(run, flushes, project),
    ...exportersFlushed(run, flushes, project),
    ...passedExit(run, flushes),
  ];
}

const buffers = (h: Hit): boolean => h.vendor !== undefined && h.vendor.buffering !== "none";

/** In an `exit` listener only synchronous code runs. */
function inExitListeners(endings: readonly Ending[]): Floating[] {
  return endings.flatMap((ending) => {
    const flush = ending.hits.find((h) => h.kind === "flush" && h.facts?.style !== "sync" && buffers(h));
    if (!ending.events.includes("exit") || !flush || !ending.call) return [];
    const { call, fn } = ending;
    return [{ kind: "floating-flush", shape: "exit-listener", flush, ending, at: call.at, call, fn }];
  });
}

interface Around {
  run: Run;
  project: Project;
  endings: readonly Ending[];
  flushes: readonly Hit[];
}

function dropped(hit: Hit, around: Around): Floating[] {
  const { run, project, endings, flushes } = around;
  const { call, fn } = hit;
  if (!call || hit.inTimer || project.index.isTest(fn.module.file)) return [];
  const about = { kind: "floating-flush" as const, at: call.at, call, fn };
  if (hit.dropped === "awaited") {
    const flush = flushes.find((h) => h.call === call) ?? handedBack(call, fn, project, flushes);
    if (flush?.call && givesNoPromise(flush) && !isTold(flush, flush.call, run, project)) {
      const place = { at: flush.call.at, call: flush.call, fn: flush.fn };
      return [{ ...about, ...place, shape: "nothing-to-await", flush, ending: endingOf(call, endings) }];
    }
    const listed = isListed(call) ? flushes.find((h) => h.call && within(h.call.at, call.at)) : undefined;
    return listed ? [{ ...about, shape: "each", flush: listed, ending: endingOf(call, endings) }] : [];
  }
  if (hit.dropped === "executor") {
    const flush = flushes.findLast((h) => h.call && within(h.call.at, call.at));
    return flush?.call
      ? [
          {
            ...about,
            at: flush.call.at,
            call: flush.call,
            fn: flush.fn,
            shape: "executor",
            flush,
            ending: undefined,
          },
        ]
      : [];
  }
  if (tellsSomebody(call, fn)) return [];
  const flush = flushUnder(call, fn, project, flushes);
  if (!flush || isPremature(run, flush, call)) return [];
  if (isArgument(flush, call) || isReplaced(run, flush)) return [];
  const shape: Floating["shape"] = hit.dropped === "each" ? "each" : "dropped";
  const ending = endingOf(call, endings);
  const found = [{ ...about, shape, flush, ending }];
  if (ending?.kind === "owner" || ending?.kind === "hook" || isCloseHook(hit) || isQuitting(hit))
    return found;
  if (exitReports(run, hit)) return [];
  if (exitsAfterCallers(run, project, hit, flush)) return found;
  if (ending && ending.kind !== "crash") return [];
  const command = lifespanOf(run, project) === "one-shot";
  if (command ? awaitedBeforeExits(run, project, hit) : isPerCall(run, flush, fn)) return found;
  return [];
}

/** `app.addHook("onClose", ...)`, `nitro.hooks.hook("close", ...)`: whoever closes the application goes on to end the process. */
export const isCloseHook = (hit: Hit): boolean =>
  hit.stack.some(({ call }) => {
    const [first] = call?.args ?? [];
    return (
      call?.callee.k === "mem" &&
      /^(addHook|hook)$/.test(call.callee.p ?? "") &&
      first?.k === "lit" &&
      /^(onClose|preClose|close)$/.test(String(first.v))
    );
  });

/** Electron quits when its listeners have returned, unless one of them prevents it. */
function isQuitting(hit: Hit): boolean {
  const step = hit.stack.find(
    (s) => s.as === "listener" && /^(before-quit|will-quit|quit)$/.test(s.event ?? ""),
  );
  if (!step) return false;
  const { module } = step.fn;
  const prevents = module.calls.some(
    ({ call: { callee, at } }) =>
      callee.k === "mem" && callee.p === "preventDefault" && within(at, step.fn.at),
  );
  return !prevents && module.imports.some((i) => i.specifier === "electron");
}

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

const givesNoPromise = ({ facts }: Hit): boolean =>
  facts !== undefined && /^(callback|fire-and-forget|event|wrapper)$/.test(facts.style);

/** `const flushAll = () => client.flush()`: what is awaited is what the helper hands back. */
function handedBack(call: Call, fn: Fn, project: Project, flushes: readonly Hit[]): Hit | undefined {
  const returned = project.values
    .callee(call.callee, fn.module)
    .flatMap((v) => (v.v === "fn" && !v.fn.async ? returnsOf(v.fn.body) : []));
  return flushes.find((h) => returned.some((e) => e === h.call));
}

/** `clients.forEach((c) => pending.push(c.flush()))`: somebody else has the promise. */
const isArgument = ({ call, fn }: Hit, outer: Call): boolean =>
  call !== undefined &&
  fn.module.calls.some(
    (c) =>
      c.call !== outer &&
      within(c.call.at, outer.at) &&
      !isChain(c.call) &&
      !isListed(c.call) &&
      !isCombined(c.call) &&
      c.call.args.some((a) => a.k !== "fn" && within(call.at, a.at)),
  );

/** `client?.close(); init(...)`: the client of before makes way for the next, and the program goes on. */
const isReplaced = (run: Run, { call, fn, vendor }: Hit): boolean =>
  call !== undefined &&
  run.hits.some((h) => h.kind === "start" && h.vendor === vendor && h.fn === fn && h.at[0] > call.at[1]);

/** Its callback goes on to the end, or tells somebody: awaiting the call is idle then, and does no harm. */
function isTold(flush: Hit, call: Call, run: Run, project: Project): boolean {
  if (!hasCallback(flush, call)) return false;
  const last = call.args.at(-1);
  const exits = run.hits.some((e) => e.kind === "exit" && e.fn === flush.fn && e.at[0] > call.at[1]);
  if (last?.k !== "fn" || !exits) return true;
  return reachOf([last.fn], project.values).some(
    (r) =>
      (r.call.callee.k === "id" && r.call.callee.bind?.kind === "param") ||
      project.values.callee(r.call.callee, r.fn.module).some((v) => v.v === "exit"),
  );
}

function hasCallback({ facts }: Hit, call: Call): boolean {
  const last = call.args.at(-1);
  if (last?.k === "fn") return true;
  const given = facts?.callback && call.args[facts.callback.argument];
  if (!given) return false;
  const { property } = facts.callback ?? {};
  return (
    property === undefined ||
    (given.k === "obj" && given.props.some((p) => p.name === property || p.name === undefined))
  );
}

const endingOf = (call: Call, endings: readonly Ending[]): Ending | undefined =>
  endings.find((e) => e.reached.some((r) => r.call === call && !r.inTimer));

/** `flush().then(done, done)`: a function that was handed in is told of the end. */
function tellsSomebody(call: Call, fn: Fn): boolean {
  const handedIn = (e: Call["callee"]): boolean => e.k === "id" && e.bind?.kind === "param";
  return fn.module.calls.some(
    (c) =>
      within(c.call.at, call.at) &&
      (handedIn(c.call.callee) || (isChain(c.call) && c.call.args.some((a) => handedIn(a)))),
  );
}

const isChain = ({ callee }: Call): boolean =>
  callee.k === "mem" && /^(then|catch|finally)$/.test(callee.p ?? "");
const isListed = ({ callee }: Call): boolean =>
  callee.k === "mem" && /^(forEach|map|flatMap|filter)$/.test(callee.p ?? "");
const isCombined = ({ callee }: Call): boolean =>
  callee.k === "mem" && /^(all|allSettled|race|any)$/.test(callee.p ?? "");

/** `flush().then(...).catch(...)`: the call whose promise the chain hangs on. */
function baseOf(call: Call): Call {
  return isChain(call) && call.callee.k === "mem" && call.callee.o.k === "call"
    ? baseOf(call.callee.o)
    : call;
}

/** The call of the SDK that a dropped call comes to; not where its promise is handed to something else. */
function flushUnder(dropped: Call, fn: Fn, project: Project, flushes: readonly Hit[]): Hit | undefined {
  const call = baseOf(dropped);
  const holds = isListed(call) || isCombined(call) || call.callee.k === "fn";
  const direct = flushes.find(
    (h) => h.call && h.fn.module === fn.module && (h.call === call || (holds && within(h.call.at, call.at))),
  );
  if (direct) return direct;
  const inside = holds
    ? fn.module.calls.filter((c) => within(c.call.at, call.at)).map((c) => c.call)
    : [call];
  const roots = inside.flatMap((c) =>
    project.values.callee(c.callee, fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : [])),
  );
  if (roots.length === 0) return undefined;
  const reached = new Set(reachOf(roots, project.values).flatMap((r) => (r.inTimer ? [] : [r.call])));
  return flushes.find((h) => h.call && reached.has(h.call));
}

const isPremature = (run: Run, flush: Hit, call: Call): boolean =>
  prematureClosings(run).some((p) => p.hit === flush || p.call === call || p.call === flush.call);

/** An exit on the way is reported by the rule about exits. */
function exitReports(run: Run, hit: Hit): boolean {
  return run.hits.some(
    (e) =>
      e.kind === "exit" &&
      !e.inTimer &&
      e.fn === hit.fn &&
      e.at[0] > hit.at[0] &&
      losesAtExit(run, e) !== undefined,
  );
}

/** An SDK that is started and closed in one function that runs again and again: nobody waits for what it recorded. */
function isPerCall(run: Run, flush: Hit, fn: Fn): boolean {
  if (flush.facts?.role !== "close" || fn.kind === "module") return false;
  return run.hits.some(
    (h) => h.kind === "start" && h.vendor === flush.vendor && h.fn === fn && flush.fn === fn,
  );
}

/** A caller calls the function, maybe waits for it, then ends the process. */
const exitsAfterCallers = (run: Run, project: Project, hit: Hit, flush: Hit): boolean =>
  run.hits.some(
    (exit) =>
      exit.kind === "exit" &&
      !exit.inTimer &&
      isBefore(hit, exit, project) &&
      !run.hits.some((h) => isClosedAfter(h, flush, exit, project)),
  );

/**
 * Callers wait for the function to know that its telemetry is sent, in a command with hard exits of its own: oclif and its kin
 * load the commands that exit from elsewhere, so no path from here to there is seen.
 */
function awaitedBeforeExits(run: Run, project: Project, { fn }: Hit): boolean {
  if (!fn.async || !isOclif(run, project)) return false;
  return [...project.marks.modules.keys()].some((module) =>
    module.calls.some(
      ({ call, fn: home }) =>
        home.async &&
        project.values.callee(call.callee, module).some((v) => v.v === "fn" && v.fn === fn) &&
        !isStatement(call, home.body, false),
    ),
  );
}

/** What is dropped here is waited for by another flush on the way to the exit. */
const isClosedAfter = (h: Hit, flush: Hit, exit: Hit, project: Project): boolean =>
  h.kind === "flush" &&
  h.vendor === flush.vendor &&
  h.call !== flush.call &&
  (h.fn === exit.fn ? h.at[0] < exit.at[0] : isBefore(h, exit, project));

/** The exit's own function calls, before it, what comes to the hit in another function. */
function isBefore(hit: Hit, exit: Hit, project: Project): boolean {
  if (exit.fn === hit.fn) return false;
  const last = exit.stack.at(-1)?.call;
  const chain = last && isChain(last) && last.callee.k === "mem" ? last.callee.o.at : undefined;
  // `main().catch(() => process.exit(1))`: what fails has not come to the end of its work
  const failed = last?.callee.k === "mem" && last.callee.p === "catch";
  return exit.fn.module.calls.some(({ call, fn }) => {
    if (failed && chain && within(call.at, chain)) return false;
    const earlier =
      call.at[1] <= exit.at[0] && encloses(fn, exit.fn) && !leavesBefore(fn.body, call.at, exit.at, []);
    if (!earlier && !(chain && within(call.at, chain))) return false;
    const given = isCommand(call) ? call.args.flatMap((a) => functionsIn(a, fn, project.values)) : [];
    const called = project.values.callee(call.callee, fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : []));
    return [...called, ...given].some((f) => comesTo(f, hit, project));
  });
}

const isCommand = ({ callee }: Call): boolean =>
  callee.k === "mem" && commandMethods.includes(callee.p ?? "");

const encloses = (outer: Fn, inner: Fn): boolean => {
  for (let f: Fn | undefined = inner; f; f = f.parent)
    if (f === outer) return outer === inner || outer.kind !== "module";
  return false;
};

/** A flush that a function on the way to the exit drops is the very bug: it is reported there. */
export function floatsBefore(run: Run, exit: Hit, project: Project): boolean {
  return floatingFlushes(run, project).some(({ shape, call, fn, flush, ending }) => {
    if (shape === "inside-span" || shape === "exit-listener") return false;
    if (ending?.kind === "owner" || ending?.kind === "hook" || isCloseHook(flush))
      return shape !== "nothing-to-await";
    return isBefore({ ...flush, call, fn }, exit, project);
  });
}

const comesTo = (fn: Fn, hit: Hit, project: Project): boolean =>
  reachOf([fn], project.values).some((r) => r.call === hit.call && !r.inTimer);
