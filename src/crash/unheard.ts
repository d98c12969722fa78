import type { Call, Fn } from "../syntax/ir.js";
import { askedFor, isAnother } from "./asked-for.js";
import { crashCover, crashListeners, type Carrier } from "./covered.js";
import { carrierOf, reporterOf } from "./crash-carriers.js";
import { dealsItself } from "./dealt-with.js";
import type { CrashLoss } from "../program/details.js";
import { eventNames } from "../program/event-names.js";
import { filesOf, isOfLibrary } from "../program/loaded.js";
import { keepingOf, type Keeping } from "./keeping.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { seesToItself } from "./children.js";
import { jobsIn, runnersOf, type Heard, type Job, type Runner } from "../program/runners.js";
import { tellsOf } from "./telling.js";
import { failsUncaught, rejectsUncaught } from "./uncaught.js";
import { isUncalled } from "../ending/uncalled.js";

const KINDS = new Set(["queue", "schedule", "thread", "process"]);

/** More places than this explain nothing. */
const MOST_OTHERS = 5;

/**
 * Runners of one program, web frameworks left out, whose failures end where no telemetry hears of them: nobody listens, or the
 * listener only logs.
 */
export function unheardRunners(run: Run, project: Project, strict: boolean): CrashLoss[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || lifespan === "invocation") return [];
  if (!carrierOf(run, project)) return [];
  const found: CrashLoss[] = [];
  for (const runner of runnersOf(run, project)) {
    const loss = judge({ runner, run, project, strict });
    if (!loss || found.some((l) => l.call === loss.call)) continue;
    // several queues of which nobody shows who runs what are one set-up
    const vague = runner.facts.kind === "queue" && runner.jobs.length === 0;
    if (!vague || !found.some((l) => l.runner === loss.runner)) found.push(loss);
  }
  return found;
}

interface Question {
  runner: Runner;
  run: Run;
  project: Project;
  strict: boolean;
}

function judge(question: Question): CrashLoss | undefined {
  const { runner, run, project } = question;
  const { facts, hooks } = runner;
  if (!KINDS.has(facts.kind) || facts.failure === "rejects") return undefined;
  const carrier = whoLoses(question);
  if (!carrier || carrier.facts.runners?.includes(facts.name)) return undefined;
  if (isOfLibrary(runner.fn.module.file, run, project) || !mayFail(question)) return undefined;
  if (isUncalled(runner.fn, run, project)) return undefined;
  if (hooks.length > 0) return swallowed(runner, carrier, question);
  const keeping = keepingOf(runner.call, runner.fn);
  if (keeping.kind !== "dropped" && isHeardElsewhere(keeping, question)) return undefined;
  // without a place to listen, the job itself has to tell
  const job = facts.hooks.length === 0 ? runner.jobs.find((j) => isOpen(j, run, project)) : undefined;
  const others = openJobs(question)
    .filter((j) => j.call !== (job ?? runner).call)
    .slice(0, MOST_OTHERS)
    .map((j) => ({ fn: j.fn, at: j.call.at, message: "what it runs here can fail" }));
  return { ...lossAt("unheard-runner", runner, job ?? runner, carrier), others };
}

/** The SDK that should have been told, unless some SDK hears of the failure by itself. */
function whoLoses({ runner: { facts }, run, project, strict }: Question): Carrier | undefined {
  const cover = crashCover(run, project);
  const reporter = reporterOf(run, project);
  const any = reporter ?? carrierOf(run, project);
  if (facts.failure === "throws") {
    const heard = cover.sdkHears("worker") || cover.hears("uncaughtException");
    // a listener that swallows it is the bug then
    return heard || crashListeners(run, project, "uncaughtException").length > 0 ? undefined : any;
  }
  return strict ? any : reporter;
}

/** What it runs is shown, can fail, and does not tell of that by itself. */
function mayFail(question: Question): boolean {
  const { runner, run, project } = question;
  const { kind, handlers } = runner.facts;
  if (kind === "process") return !seesToItself(runner, run, project);
  if (handlers.length === 0) return true;
  return openJobs(question).length > 0;
}

/** Jobs whose failure is left to the runner. */
function openJobs(question: Question): Job[] {
  const { runner, run, project } = question;
  const jobs = runner.jobs.length > 0 ? runner.jobs : handedUnseen(question);
  return jobs.filter((job) => isOpen(job, run, project));
}

/** Where nobody shows which queue it is: a function is given to some `process` of the program, and this one is given away. */
function handedUnseen({ runner, run, project }: Question): Job[] {
  const handlers = runner.facts.handlers.filter((h) => h.method !== undefined);
  if (handlers.length === 0 || keepingOf(runner.call, runner.fn).kind !== "given") return [];
  const words = handlers.map((h) => `.${h.method ?? ""}(`);
  return callsOfFiles(run, project, words).flatMap(({ call, fn }) => {
    const { callee } = call;
    const handler = callee.k === "mem" ? handlers.find((h) => h.method === callee.p) : undefined;
    if (!handler || project.values.callee(callee, fn.module).length > 0) return [];
    return jobsIn(handler, call, fn, project)
      .filter((job) => job.fns.length > 0)
      .map((job) => ({ ...job, sure: false }));
  });
}

/** The calls of the files of a program in which one of these words stands. */
const callsOfFiles = (run: Run, project: Project, words: readonly string[]): { call: Call; fn: Fn }[] =>
  filesOf(run, project).flatMap((file) => {
    const text = project.index.read(file);
    return text !== undefined && words.some((w) => text.includes(w))
      ? (project.module(file)?.calls ?? [])
      : [];
  });

/** A job whose failure is left to its runner. A file that is run in a process of its own is one as well. */
function isOpen(job: Job, run: Run, project: Project): boolean {
  const { given, fns } = job;
  if (fns.length === 0) return given.k === "lit" && typeof given.v === "string";
  const what = { returned: true };
  return (
    fns.some((fn) => failsUncaught(fn, project, what) || rejectsUncaught(fn, project, what)) &&
    !fns.some((fn) => dealsItself(fn, run, project))
  );
}

/** All its hooks only log. */
function swallowed(runner: Runner, carrier: Carrier, { run, project }: Question): CrashLoss | undefined {
  const { hooks } = runner;
  const [first] = hooks;
  if (!first || !carrier.facts.reporter || hooks.some((h) => !h.sure || maybeTells(h, run, project)))
    return undefined;
  const loss = lossAt("runner-swallows", runner, first, carrier);
  return { ...loss, ...(first.fns[0] ? { handler: first.fns[0] } : {}) };
}

const maybeTells = ({ hook, fns }: Heard, run: Run, project: Project): boolean =>
  !hook || fns.length === 0 || fns.some((fn) => tellsOf(fn, run, project) !== "swallows");

function lossAt(
  shape: CrashLoss["shape"],
  { facts, jobs }: Runner,
  { call, fn }: { call: Call; fn: Fn },
  { vendor, start }: Carrier,
): CrashLoss {
  const handler = jobs.flatMap((j) => j.fns)[0];
  return {
    kind: "crash-loss",
    shape,
    vendor,
    start,
    fn,
    call,
    at: call.at,
    runner: facts.name,
    ...(handler ? { handler } : {}),
  };
}

/** Something that it is handed to may listen, or some listener of that event is of something that the program does not show. */
function isHeardElsewhere(keeping: Keeping, question: Question): boolean {
  const { runner, run, project } = question;
  const { facts } = runner;
  if (keeping.takers.some(({ call, fn }) => mayListen(call, fn, runner, project))) return true;
  if (keeping.kind === "kept") return false;
  const names = facts.hooks.filter((h) => h.as === "event").map((h) => h.name);
  const words = names.flatMap((n) => [`"${n}"`, `'${n}'`]);
  const asked = openJobs(question).map(({ call: { callee }, fn }) =>
    callee.k === "mem" ? askedFor(callee.o, fn) : undefined,
  );
  return callsOfFiles(run, project, words).some(({ call: { callee, args }, call, fn }) => {
    if (callee.k !== "mem" || !LISTENS.test(callee.p ?? "") || args.length < 2) return false;
    if (!eventNames(call, fn.module, project.values).some((n) => names.includes(n))) return false;
    const values = project.values.callee(callee, fn.module);
    if (values.length > 0 && !values.some((v) => v.v === "package" && facts.modules.includes(v.specifier)))
      return false;
    const other = askedFor(callee.o, fn);
    return asked.length === 0 || asked.some((a) => !isAnother(a, other));
  });
}

const LISTENS = /^(on|once|addListener|prependListener|prependOnceListener|addEventListener)$/;

/** Boards show the jobs of a queue, and listen to nothing. */
const SHOWS = /^(@bull-board\/|bull-board$|bull-arena$|bull-master|@bull-monitor\/)/;

/** `once(worker, "exit")`, `Comlink.wrap(worker)`, `watch(worker)` of which nothing is known. */
function mayListen(call: Call, fn: Fn, { facts }: Runner, project: Project): boolean {
  const values = project.values.callee(call.callee, fn.module);
  if (values.some((v) => v.v === "fn" || v.v === "class")) return false;
  if (handsBack(call)) return false;
  // put into a list, a `Map`, a record
  if (call.callee.k === "mem" && /^(push|add|set|unshift|freeze|assign|resolve)$/.test(call.callee.p ?? ""))
    return false;
  return !values.some(
    (v) =>
      (v.v === "package" && (SHOWS.test(v.specifier) || facts.modules.includes(v.specifier))) ||
      (v.v === "global" && v.path.startsWith("console.")),
  );
}

/** `resolve(queue)`, `done(null, queue)`, `exits.success(queue)`: its callers have it now. */
const handsBack = ({ callee }: Call): boolean => {
  const base = callee.k === "mem" ? callee.o : callee;
  return base.k === "id" && base.bind?.kind === "param";
};
