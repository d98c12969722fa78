import { soundsLikeFlush } from "../flow/names.js";
import type { Hit } from "../flow/world.js";
import type { PackageFacts, Vendor } from "../knowledge/schema.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import type { MissingShutdown } from "../program/details.js";
import { isCloseHook } from "./floating.js";
import { isGivenAway } from "./handed-on.js";
import { endingsOf, exitsIn, flushesIn, type Ending } from "../program/endings.js";
import { isRunByDevelopers } from "../program/developers.js";
import { isPage } from "../program/page.js";
import { isOclif, lifespanOf, type Lifespan } from "../program/lifespan.js";
import { canFlush, isWithoutFlush } from "../facts/flushable.js";
import { losesAtExit } from "./losses.js";
import { prematureClosings } from "./premature.js";
import type { Project } from "../program/project.js";
import { sendsEachAtOnce } from "../program/sinks.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import { isUncalled } from "./uncalled.js";

/** One vendor that a program starts and does not close in some way of ending. */
export interface Missing extends MissingShutdown {
  /** For `natural-end` and `one-signal`: the ending that closes. */
  covered?: Ending;
}

/** What a program starts and never closes, one entry for each vendor. */
export function missingShutdowns(run: Run, project: Project, strict: boolean): Missing[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || (lifespan === "invocation" && !(strict && run.entry.reason === "framework")))
    return [];
  if (isPage(run, project) || isRunByDevelopers(run)) return [];
  const early = new Set(prematureClosings(run).flatMap((p) => (p.flushOnly ? [] : [p.vendor])));
  return [...run.started].flatMap(([vendor, start]) => {
    if (vendor.buffering === "none" || !canFlush(vendor) || run.local.has(vendor) || early.has(vendor))
      return [];
    // what a server has in flight when it is asked to end is next to nothing
    if (lifespan === "service" && run.atOnce.has(vendor)) return [];
    const pkg = packageOf(start, project);
    if (project.index.isTest(start.fn.module.file) || (pkg && isWithoutFlush(pkg))) return [];
    if (!vendor.ambient && !vendor.capturesCrashes && !buffersSomething(run, vendor)) return [];
    // an agent that starts when it is loaded is left to itself by all who use it
    if (sendsEachAtOnce(start) || isSwitchedOff(start)) return [];
    if ((!start.call && !strict) || isGivenAway(start, run, project)) return [];
    if (lifespan !== "service" && isUnusedSetUp(run, start)) return [];
    const found = judge(run, project, { vendor, start, lifespan, strict });
    return found ? [found] : [];
  });
}

/** A set-up that no file of the project loads: who preloads it, and how long that lives, is not to be seen. */
const isUnusedSetUp = ({ entry, files }: Run, start: Hit): boolean =>
  entry.reason === "root" &&
  files.size === 1 &&
  start.fn.module.file === entry.file &&
  (SET_UP.test(entry.file) || start.stack[0]?.as === "callback");

const SET_UP =
  /(^|[/.-])(tracing|tracer|telemetry|otel|opentelemetry|instrument(ation)?|observability|sentry|apm)(\.[a-z]+)?\.[cm]?[jt]sx?$/i;

interface Question {
  vendor: Vendor;
  start: Hit;
  lifespan: Lifespan;
  strict: boolean;
}

function judge(
  run: Run,
  project: Project,
  { vendor, start, lifespan, strict }: Question,
): Missing | undefined {
  const endings = endingsOf(run, project).filter((e) => !isUncalled(e.fn, run, project));
  if (isOclif(run, project) && closedInHooks(run, project, vendor)) return undefined;
  const pkg = packageOf(start, project);
  const own = (pkg?.endings ?? []).filter((e) => e.event.startsWith("SIG") || e.event === "beforeExit");
  const delivers = (pkg?.naturalEndDelivers ?? vendor.naturalEndDelivers) || run.atOnce.has(vendor);
  const about = { kind: "missing-shutdown" as const, start, vendor, lifespan, endings };
  const closing = endings.filter((e) => e.open || flushesIn(e, vendor).length > 0);
  const asked = (e: Ending): boolean => e.kind === "signal" || e.kind === "owner" || e.kind === "hook";
  const hooks = closing.filter((e) => e.kind === "hook");
  const live = closing.filter((e) => e.kind !== "hook" || hooksRun(run, project, endings));
  if (own.some((e) => e.event.startsWith("SIG")) || live.some(asked)) {
    const signals = live.filter((e) => e.kind === "signal");
    const one = strict && lifespan === "service" && live.every((e) => e.kind === "signal" && !e.open);
    const [first] = signals;
    if (one && first && !["SIGTERM", "SIGINT"].every((s) => signals.some((e) => e.events.includes(s))))
      return { ...about, shape: "one-signal", covered: first };
    if (delivers || lifespan !== "one-shot" || signals.length === 0 || signals.some((e) => e.open))
      return undefined;
    if (live.some((e) => !(e.kind === "signal")) || own.length > 0) return undefined;
    if (elsewhere(run, project, vendor, endings).length > 0 || speaksOfFlush(run, project)) return undefined;
    return first && { ...about, shape: "natural-end", covered: first };
  }
  const [closer] = hooks.filter((e) => flushesIn(e, vendor).length > 0);
  if (closer) return { ...about, shape: "hooks", helper: closer.fn };
  const service = lifespan === "service";
  if (delivers && !service) return undefined;
  if (!service && (own.length > 0 || live.length > 0)) return undefined;
  if (live.some((e) => e.events.includes("beforeExit")) && endsBySignal(run, project, endings))
    return undefined;
  if (speaksOfFlush(run, project) || (!service && !strict && losesElsewhere(run, vendor))) return undefined;
  const others = elsewhere(run, project, vendor, endings);
  const asksToEnd = endings.some((e) => e.kind === "signal" || e.kind === "owner");
  if (service && others.length > 0 && others.every(isCloseHook) && !asksToEnd)
    return { ...about, shape: "hooks", ...(others[0] ? { helper: others[0].fn } : {}) };
  const signals = endings.filter((e) => e.kind === "signal");
  const exits = signals.flatMap(exitsIn);
  // an exit that leaves it out is the exit rule's to report
  if (exits.some((h) => losesAtExit(run, h) !== undefined) && !strict) return undefined;
  // who makes a client for one task and closes it there has closed it
  if (others.some((h) => h.fn === start.fn)) return undefined;
  const uncalled = others.map((h) => uncalledHelper(h, run, project));
  if (others.length > 0 && uncalled.every((fn) => fn !== undefined))
    return { ...about, shape: "helper", ...(uncalled[0] ? { helper: uncalled[0] } : {}) };
  if (others.some((h) => !isAfterFailure(h)) || (!service && others.length > 0)) return undefined;
  const stopping = signals.filter((e) => e.drains.length > 0 || exitsIn(e).length > 0);
  // the natural end that follows delivers
  if (delivers && stopping.length > 0 && exits.length === 0) return undefined;
  // a request in flight has the time that the flush of another SDK takes
  if (vendor.buffering === "immediate" && stopping.some((e) => flushesIn(e).length > 0)) return undefined;
  return { ...about, shape: stopping.length > 0 ? "listener" : "nothing" };
}

/** A listener takes the signal and exits nowhere: the program comes to its natural end, at which `beforeExit` closes. */
function endsBySignal(run: Run, project: Project, endings: readonly Ending[]): boolean {
  if (endings.some((e) => e.kind === "signal" && exitsIn(e).length === 0)) return true;
  // a signal of another name than those the program writes: `for (const signal of signals) process.on(signal, abort)`
  return [...run.files].some((file) => says(file, NAMED_SIGNAL, project));
}

const NAMED_SIGNAL = /process\.(on|once)\(\s*\w+\s*,/;

/** A program that ends by exits is reported there: one bug, one finding. */
const losesElsewhere = (run: Run, vendor: Vendor): boolean =>
  run.hits.some((h) => h.kind === "exit" && !h.inTimer && losesAtExit(run, h)?.vendor === vendor.name);

/** The tables of the package that a start belongs to. */
export function packageOf(start: Hit, project: Project): PackageFacts | undefined {
  const { value } = start;
  if (value?.v === "member") return value.member.cls.pkg;
  if (value?.v === "sdk") return "cls" in value.sdk ? value.sdk.cls.pkg : value.sdk.pkg;
  const loaded = start.fn.module.imports.find((i) => i.at[0] === start.at[0]);
  return loaded && project.lookup.package(loaded.specifier)?.pkg;
}

/** Flushes outside of every ending. */
function elsewhere(run: Run, project: Project, vendor: Vendor, endings: readonly Ending[]): Hit[] {
  const early = new Set(prematureClosings(run).map((p) => p.hit));
  const inEndings = new Set(endings.flatMap((e) => flushesIn(e, vendor)));
  return run.hits.filter(
    (h) =>
      h.kind === "flush" &&
      h.vendor === vendor &&
      !early.has(h) &&
      !inEndings.has(h) &&
      !project.index.isTest(h.fn.module.file),
  );
}

/** `Sentry.init({ dsn: "" })`, `dsn: isProd ? "" : null` through a constant: started in name only. */
export const isSwitchedOff = ({ call }: Hit): boolean =>
  call?.args.some(
    (a) =>
      a.k === "obj" &&
      a.props.some(
        ({ name, value }) =>
          (name === "dsn" && (isText(value, "") || isEmptyBoth(value))) ||
          (value.k === "lit" &&
            ((name === "enabled" && value.v === false) || (name === "disabled" && value.v === true))),
      ),
  ) === true;

const isText = (e: Expr, text: string): boolean => e.k === "lit" && e.v === text;

/** Empty whatever the condition says. */
function isEmptyBoth(e: Expr): boolean {
  if (e.k === "cond") return [e.then, e.else].every((x) => x.k === "lit" && !x.v);
  const [only] = e.k === "id" && e.bind?.constant ? e.bind.values : [];
  return only?.k === "cond" && isEmptyBoth(only);
}

/** Reached by a failure only: in the `catch` of a chain, or when something crashes. */
const isAfterFailure = (h: Hit): boolean =>
  h.stack[0]?.as === "entry" &&
  h.stack.some(
    (s) =>
      (s.call?.callee.k === "mem" && s.call.callee.p === "catch") ||
      s.event === "uncaughtException" ||
      s.event === "unhandledRejection",
  );

/** The files that oclif loads are programs of their own to us: a hook closes what another one starts. */
function closedInHooks(run: Run, project: Project, vendor: Vendor): boolean {
  const home = project.index.packageOf(run.entry.file)?.dir;
  return [...project.marks.modules].some(
    ([module, own]) =>
      project.index.packageOf(module.file)?.dir === home &&
      own.direct.some(
        ({ mark, value }) => mark === "flush" && (value.v !== "member" || value.member.cls.vendor === vendor),
      ),
  );
}

/** Something of it waits to be sent: a capture that is itself awaited leaves nothing. */
const buffersSomething = (run: Run, vendor: Vendor): boolean =>
  run.hits.some((h) => h.kind === "capture" && h.vendor === vendor && h.facts?.style !== "promise");

/** Nest runs its hooks when it is told to, or when somebody closes the application. */
function hooksRun(run: Run, project: Project, endings: readonly Ending[]): boolean {
  const closed = endings.some(
    (e) => e.kind !== "hook" && (e.open || e.reached.some((r) => closesNest(r.call, r.fn.module, project))),
  );
  return closed || nestHooksOn(run, project);
}

const closesNest = (call: Call, module: Module, project: Project): boolean =>
  call.callee.k === "mem" &&
  call.callee.p === "close" &&
  project.values
    .callee(call.callee, module)
    .some((v) => v.v === "package" && v.specifier.startsWith("@nestjs/"));

/** The program tells Nest to listen to signals. `all`: to every one of them. */
export function nestHooksOn(run: Run, project: Project, all = false): boolean {
  return [...run.files].some(
    (file) =>
      says(file, "enableShutdownHooks", project) &&
      project
        .module(file)
        ?.calls.some(
          ({ call: { callee, args } }) =>
            callee.k === "mem" && callee.p === "enableShutdownHooks" && (!all || args.length === 0),
        ) === true,
  );
}

/** The function around a flush that is there for others to call, and that nobody calls. */
function uncalledHelper(hit: Hit, run: Run, project: Project): Fn | undefined {
  const [root] = hit.stack;
  if (root?.as !== "callback" || root.call !== undefined) return undefined;
  return isUncalled(root.fn, run, project) ? root.fn : undefined;
}

/** Somewhere an unresolved call speaks of flushing telemetry: it may be the very close that is missed. */
function speaksOfFlush(run: Run, project: Project): boolean {
  for (const module of project.marks.modules.keys()) {
    if (!run.files.has(module.file) || project.index.isTest(module.file)) continue;
    for (const { call, fn } of module.calls)
      if (
        ((soundsLikeFlush(call.callee, module.file) && isUnresolved(call.callee, module, project)) ||
          handsOutFlush(call, module, project)) &&
        !isUncalled(fn, run, project)
      )
        return true;
  }
  return false;
}

/** `promisify(client.flush.bind(client))`: what is handed a flush may call it. */
const handsOutFlush = (call: Call, module: Module, project: Project): boolean =>
  call.args.some((a) => {
    const member = a.k === "call" && a.callee.k === "mem" && a.callee.p === "bind" ? a.callee.o : a;
    if (member.k !== "mem") return false;
    return project.values.of(member, module).some((v) => {
      const facts =
        v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
      return facts?.role === "flush" || facts?.role === "close";
    });
  });

function isUnresolved(
  callee: Parameters<typeof soundsLikeFlush>[0],
  module: Fn["module"],
  project: Project,
): boolean {
  const values = project.values.callee(callee, module);
  return values.length === 0 || values.every((v) => v.v === "package");
}
