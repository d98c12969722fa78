import { has, State } from "../flow/state.js";
import type { Hit } from "../flow/world.js";
import type { Call, Expr, Fn, Module, Span, Stmt } from "../syntax/ir.js";
import { attemptsOf, evaluates, expressionsOf, listsOf } from "../syntax/parts.js";
import { crashCover, crashListeners, type Carrier } from "./covered.js";
import type { CrashLoss } from "../program/details.js";
import { entryCalls, type EntryCall } from "./entry-calls.js";
import { awaitsAfter, flushesAround, flushesOnFailure, wholeAttempt } from "./failing.js";
import { lifespanOf, type Lifespan } from "../program/lifespan.js";
import { bridgesLogs } from "../program/log-bridges.js";
import { losesAtExit } from "../ending/losses.js";
import { packageOf } from "../ending/missing.js";
import type { Project } from "../program/project.js";
import { servedBy } from "../program/producers.js";
import type { Run } from "../program/program.js";
import { functionsIn, reachOf } from "../program/reach.js";
import { canReject } from "./rejecting.js";
import { isRunByHand } from "./shown.js";
import { callsIn, speaks, tellsIn, type Handling } from "./telling.js";

/** Entries of one program whose failure reaches no telemetry. */
export function lostEntries(run: Run, project: Project): CrashLoss[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || lifespan === "invocation") return [];
  const carriers = crashCover(run, project).carriers.filter(
    (c) => isBegun(c) && hasSomething(c, run, project),
  );
  if (carriers.length === 0) return [];
  const starts = carriers.map((c) => c.start);
  return [...new Set(run.entries.map((e) => e.file))].flatMap((file) => {
    const module = project.index.isTest(file) ? undefined : project.module(file);
    if (!module || isRunByHand(file, starts)) return [];
    const entries = entryCalls(module, project);
    const whole = wholeAttempt(module.top, project);
    const question = { module, run, project, carriers, lifespan };
    const found = entries.flatMap(
      (entry) => judge({ ...question, entry }, isMain(entry, entries, module, project)) ?? [],
    );
    return whole ? found.concat(swallowed(question, whole, module.top) ?? []) : found;
  });
}

const MAIN =
  /^(async)?_?(main|bootstrap|start|run|init|initialize|boot|launch|serve|cli|program|execute|app|worker|job|cron|go|server)_?(server|app|application|worker|service|cli|main|job|bot|program|api|consumer|cron|process|all|everything)?$/i;

/** The call that all the work of the program is behind, and not one of several steps with failures of their own. */
const isMain = ({ fn }: EntryCall, all: readonly EntryCall[], module: Module, project: Project): boolean =>
  fn.name === undefined || MAIN.test(fn.name) || (all.length === 1 && !servesAtTop(module, project));

/** The server is up whatever becomes of the call. */
const servesAtTop = (module: Module, project: Project): boolean =>
  callsIn(module.top.body, module.top).some((call) => servedBy(call, module, project) !== undefined);

/** It is started on the way from the entry, not by code that nobody is seen to call. */
const isBegun = ({ start }: Carrier): boolean => start.stack[0]?.as !== "callback";

/** A crash can take something of it along, and it does not see to that by itself. */
function hasSomething({ vendor, start, facts }: Carrier, run: Run, project: Project): boolean {
  if (facts.reporter) return true;
  if (packageOf(start, project)?.endings?.some((e) => /^(exit|uncaughtException)$/.test(e.event)))
    return false;
  return !run.atOnce.has(vendor) && (vendor.ambient || run.captured.has(vendor));
}

interface Around {
  module: Module;
  run: Run;
  project: Project;
  carriers: Carrier[];
  lifespan: Lifespan;
}

interface Question extends Around {
  entry: EntryCall;
}

function judge(question: Question, main: boolean): CrashLoss | undefined {
  const { entry, project } = question;
  const whole = wholeAttempt(entry.fn, project);
  if (whole) return main ? swallowed(question, whole, entry.fn, entry.call) : undefined;
  if (!canReject(entry.fn, project) || entry.taken === "tried") return undefined;
  if (entry.handler) return main && !tellsItself(question) ? caught(question, entry.handler) : undefined;
  return entry.taken === "floating" || main ? unheard(question) : undefined;
}

/** The function has told of its failure before it lets go of it. */
const tellsItself = ({ entry: { fn }, run, project }: Question): boolean =>
  attemptsOf(fn.body).some((a) => speaks({ body: a.handler ?? [], fn, given: a.caught }, run, project));

/** `main()`, `await main()`: nobody takes its rejection. */
function unheard(question: Question): CrashLoss | undefined {
  const { entry, module, run, project, carriers } = question;
  const cover = crashCover(run, project);
  const flushed =
    flushesOnFailure(entry.fn, run, project) ||
    flushesAround(entry.call, module.top, run) ||
    flushesLast(question);
  const carrier = carriers.find(
    (c) =>
      !startsAfterWork(c.start, entry) &&
      !comesLater(c, question) &&
      !failsBeforeCapture(c, question) &&
      (c.facts.reporter || !flushed),
  );
  const awaited = entry.taken === "awaited";
  if (
    !carrier ||
    losesInChain(question) ||
    cover.hears("unhandledRejection") ||
    (awaited && cover.hears("uncaughtException"))
  )
    return undefined;
  return lossOf(awaited ? "awaited-entry" : "floating-entry", carrier, {
    fn: module.top,
    call: entry.call,
    at: entry.call.at,
    handler: entry.fn,
    others: crashListeners(run, project, "unhandledRejection").flatMap((e) =>
      e.call ? [{ fn: e.fn, at: e.call.at, message: "this listener keeps the process alive" }] : [],
    ),
  });
}

/** What may fail in the function comes before the SDK is started in it. */
const startsAfterWork = (start: Hit, { fn }: EntryCall): boolean =>
  start.fn === fn && !awaitsAfter(fn.body, start.at[1]);

/** It is started by a later statement of the entry, or what it records comes later, or from elsewhere. */
function comesLater({ vendor, start, facts }: Carrier, { entry, module, run }: Question): boolean {
  const end = entry.call.at[1];
  const started = placeIn(start, module);
  if (started !== undefined && started[0] > end) return true;
  if (facts.reporter || vendor.ambient) return false;
  return !run.hits.some(
    (h) => h.kind === "capture" && h.vendor === vendor && (placeIn(h, module)?.[0] ?? Infinity) <= end,
  );
}

/**
 * Only the program gives it something to send, on ways of the entry alone, and none of them comes from there to a failure that leaves
 * the entry: what follows the capture stands in a `try` whose `catch` ends the process, say.
 */
function failsBeforeCapture({ vendor, facts }: Carrier, { entry, run }: Question): boolean {
  if (facts.reporter || vendor.ambient) return false;
  const states = run.failures.get(entry.call);
  return (
    states !== undefined &&
    !has(states | run.commandFailures, State.Captured | State.Closing) &&
    run.hits.every(
      (h) =>
        h.kind !== "capture" ||
        h.vendor !== vendor ||
        (!h.inTimer && h.stack.every((s) => s.as === "entry" || s.as === "call")),
    )
  );
}

/** The place in the top level of a module that a hit was reached from. */
function placeIn({ stack, fn, at }: Hit, module: Module): Span | undefined {
  if (fn === module.top) return at;
  const first = stack.findIndex((s) => s.fn === module.top);
  return first < 0 ? undefined : stack[first + 1]?.call?.at;
}

/** Its chain goes on to an exit that loses: one bug, one finding. */
const losesInChain = ({ entry, module, run }: Question): boolean =>
  run.hits.some(
    (h) =>
      h.kind === "exit" &&
      h.fn.module === module &&
      entry.at[0] <= h.at[0] &&
      h.at[1] <= entry.at[1] &&
      losesAtExit(run, h) !== undefined,
  );

/** `main().finally(() => sdk.shutdown())`: nothing that was recorded is lost. */
function flushesLast({ entry, module, run, project }: Question): boolean {
  if (!entry.lastly) return false;
  const roots = functionsIn(entry.lastly, module.top, project.values);
  const flushes = new Set(run.hits.flatMap((h) => (h.kind === "flush" && h.call ? [h.call] : [])));
  return roots.length === 0 || reachOf(roots, project.values).some((r) => flushes.has(r.call));
}

/** `main().catch(console.error)`. */
function caught(question: Question, handler: Expr): CrashLoss | undefined {
  const { module, project, entry } = question;
  const place = { fn: module.top, call: entry.call, at: handler.at };
  const [fn] = functionsIn(handler, module.top, project.values);
  if (fn) {
    const handling = { body: fn.body, fn, given: fn.params.flat() };
    const carrier = whoIsNotTold(question, handling);
    return carrier && lossOf("swallowed-entry", carrier, { ...place, handler: fn });
  }
  const logs = project.values
    .of(handler, module)
    .some((v) => v.v === "global" && v.path.startsWith("console."));
  const carrier = logs && !bridgesLogs(question.run, project, true) ? forAll(question, false) : undefined;
  return carrier && lossOf("swallowed-entry", carrier, place);
}

function swallowed(around: Around, attempt: Stmt & { s: "try" }, fn: Fn, call?: Call): CrashLoss | undefined {
  const handling = { body: attempt.handler ?? [], fn, given: attempt.caught };
  const carrier = whoIsNotTold(around, handling);
  const at = attempt.handlerAt ?? attempt.at;
  return carrier && lossOf("zombie", carrier, { fn, call, at, attempt });
}

function whoIsNotTold(question: Around, handling: Handling): Carrier | undefined {
  const { run, project } = question;
  if (tellsIn(handling, run, project) !== "swallows") return undefined;
  const { module } = handling.fn;
  const within = (at: Span): boolean => handling.body.some((s) => s.at[0] <= at[0] && at[1] <= s.at[1]);
  const exits = run.hits.filter((h) => h.kind === "exit" && h.fn.module === module && within(h.at));
  // an exit that loses what is buffered is reported by its own rule: one bug, one finding
  if (exits.some((h) => losesAtExit(run, h) !== undefined)) return undefined;
  const onlyConsole = callsIn(handling.body, handling.fn).every(({ callee }) =>
    project.values.callee(callee, module).some((v) => v.v === "global" && v.path.startsWith("console.")),
  );
  return forAll(question, exits.length > 0 || !onlyConsole || setsExitCode(handling.body));
}

/** `process.exitCode = 1`: the program says that it has failed, and comes to its end. */
const setsExitCode = (body: readonly Stmt[]): boolean =>
  body.some(
    (s) =>
      expressionsOf(s).some((e) =>
        evaluates(e, (x) => x.k === "set" && x.to.k === "mem" && x.to.p === "exitCode"),
      ) || listsOf(s).some(setsExitCode),
  );

/** A reporter should have been told of every failure; OpenTelemetry of one after which the service goes on. */
function forAll({ carriers, lifespan }: Around, endsOrLogs: boolean): Carrier | undefined {
  const reporter = carriers.find((c) => c.facts.reporter);
  if (reporter) return reporter;
  return lifespan === "service" && !endsOrLogs ? carriers.find((c) => c.facts.tell !== undefined) : undefined;
}

const lossOf = (
  shape: CrashLoss["shape"],
  { vendor, start }: Carrier,
  place: Pick<CrashLoss, "fn" | "call" | "at" | "handler" | "attempt" | "others">,
): CrashLoss => ({ kind: "crash-loss", shape, vendor, start, ...place });
