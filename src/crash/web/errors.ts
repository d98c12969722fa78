import { asksFor } from "../../facts/majors.js";
import type { Fn, Module, Span } from "../../syntax/ir.js";
import { crashCover, type Carrier } from "../covered.js";
import type { CrashLoss } from "../../program/details.js";
import { lifespanOf } from "../../program/lifespan.js";
import { servedBy } from "../../program/producers.js";
import type { Project } from "../../program/project.js";
import type { Run } from "../../program/program.js";
import { runnersOf, type Heard, type Runner } from "../../program/runners.js";
import { says } from "../../program/says.js";
import { isUncalled } from "../../ending/uncalled.js";
import { catchAllFilters, hasController } from "./filters.js";
import { extensionsOf } from "./extensions.js";
import { guardsIn, logsItself, verdictOf, verdictOfGuard, type Verdict } from "./hooks.js";
import { mayReport } from "./reports.js";
import { canFailIn } from "./routes.js";

/** A function that hears of every failure of a framework's routes, and what it does with them. */
interface Hook {
  fn: Fn;
  /** Where it is registered; the hook itself for a class. */
  place: { call: Heard["call"] | undefined; fn: Fn; at: Span };
  verdict: Verdict;
}

/**
 * Web frameworks of a program that keep the failures of their routes to themselves: no error hook at all (`missing-hook`), or one
 * that only logs and answers (`runner-swallows`). Only beside an SDK that people install to learn of errors, and only where
 * neither that SDK hears the framework by itself nor anything of the program may tell it.
 */
export function webErrors(run: Run, project: Project, strict: boolean): CrashLoss[] {
  const lifespan = lifespanOf(run, project);
  if (lifespan === "library" || lifespan === "invocation") return [];
  const { reporters } = crashCover(run, project);
  const reporter = reporters.find(({ start }) => !project.index.isTest(start.fn.module.file));
  if (!reporter) return [];
  const kinds = new Map<string, Runner[]>();
  for (const runner of runnersOf(run, project))
    if (runner.facts.kind === "web" && !isUncalled(runner.fn, run, project))
      kinds.set(runner.facts.name, [...(kinds.get(runner.facts.name) ?? []), runner]);
  const unheard = [...kinds].filter(
    ([name]) => !name.endsWith(" router") && !reporters.some((r) => r.facts.runners?.includes(name)),
  );
  if (unheard.length === 0 || hearsAll(reporter, project) || mayReport(run, project, reporters)) return [];
  const about = { run, project, strict, reporter, kinds };
  return unheard.flatMap(([name, runners]) => judge(name, runners, about));
}

/**
 * From 11 on Sentry is told of the errors of express, connect, koa, hono, hapi, fastify and Nest by default, with or without
 * tracing (read in the `getErrorIntegrations` of @sentry/server-utils 11.8.0).
 */
const hearsAll = ({ start }: Carrier, { index }: Project): boolean =>
  [index.packageOf(start.fn.module.file)?.json, index.packageOf("package.json")?.json].some((json) =>
    Object.entries({ ...json?.dependencies, ...json?.devDependencies }).some(
      ([name, range]) => name.startsWith("@sentry/") && !CLIENT.test(name) && asksFor(range, ">=11") === true,
    ),
  );

/** Packages of Sentry for the browser or the build, in versions of their own. */
const CLIENT = /^@sentry\/(browser|react|vue|svelte|angular|cli|.*-plugin)$/;

interface About {
  run: Run;
  project: Project;
  strict: boolean;
  reporter: Carrier;
  kinds: Map<string, Runner[]>;
}

function judge(name: string, runners: readonly Runner[], about: About): CrashLoss[] {
  const { run, project, reporter } = about;
  const hooks = hooksOf(name, runners, about);
  if (hooks === "open") return [];
  if (hooks.some((h) => h.verdict === "tells" || h.verdict === "unknown")) return [];
  const swallowing = hooks.filter((h) => h.verdict === "swallows");
  const [first, ...rest] = swallowing;
  const base = { kind: "crash-loss" as const, vendor: reporter.vendor, start: reporter.start, runner: name };
  if (first) {
    const { call, fn, at } = first.place;
    const others = rest.map((h) => ({ fn: h.place.fn, at: h.place.at, message: "this hook does the same" }));
    return [{ ...base, shape: "runner-swallows", fn, call, at, handler: first.fn, others }];
  }
  if (lifespanOf(run, project) !== "service" || !MISSED.has(name)) return [];
  const app = servedOf(runners, run, project);
  if (!app || !canFail(name, about)) return [];
  const place = startIn(app.fn.module, reporter) ?? { fn: app.fn, call: app.call };
  const made = { fn: app.fn, at: app.call.at, message: `the ${name} is made here` };
  return [
    {
      ...base,
      shape: "missing-hook",
      fn: place.fn,
      call: place.call,
      at: place.call.at,
      others: place.call === app.call ? [] : [made],
    },
  ];
}

/** Frameworks of which it is known that without a hook a failed route ends in an answer and a line on stderr at most. */
const MISSED = new Set([
  "express app",
  "connect app",
  "koa app",
  "hono app",
  "fastify app",
  "hapi server",
  "Nest application",
]);

/** The hooks of one framework; `open` when one is registered that the program does not show. */
function hooksOf(name: string, runners: readonly Runner[], about: About): Hook[] | "open" {
  const { run, project } = about;
  const found: Hook[] = [];
  const seen = new Set<object>();
  for (const { hook, call, fn, fns } of runners.flatMap((r) => r.hooks)) {
    if (seen.has(call)) continue;
    seen.add(call);
    // a listener of one of the other events
    if (!hook && fns.length > 0 && fns.every((f) => verdictOf(f, run, project) === "swallows")) continue;
    if (fns.length === 0 || !hook) return "open";
    for (const f of fns) {
      // what formats an answer is meant to hand it back: only one that writes a line deals with the error
      if (hook.name === "formatError" && !logsItself(f)) continue;
      const verdict = verdictOf(f, run, project, hook.error);
      found.push({ fn: f, place: { call, fn, at: call.at }, verdict });
    }
  }
  const extensions = name === "hapi server" ? extensionsOf(run, project) : [];
  if (extensions === "open") return "open";
  for (const { fn, place } of extensions) found.push({ fn, place, verdict: verdictOf(fn, run, project) });
  if (name === "Nest application") {
    const filters = catchAllFilters(run, project);
    if (filters === "open") return "open";
    for (const fn of filters)
      found.push({ fn, place: { call: undefined, fn, at: fn.at }, verdict: verdictOf(fn, run, project) });
  }
  if (name === "Apollo server" && hasPlugin(run, project)) return "open";
  if (isMentionedElsewhere(runners, run, project)) return "open";
  if (name !== "koa app") return found;
  // koa hears errors through the middleware that stands around all others
  const given = new Set(runners.flatMap((r) => r.jobs.flatMap((j) => j.fns)));
  for (const { fn, place } of jobPlaces(runners))
    for (const guard of guardsIn(fn.module))
      if (guard.fn === fn && given.has(fn) && callsNext(guard.fn))
        found.push({ fn, place, verdict: verdictOfGuard(guard, run, project) });
  return found;
}

const jobPlaces = (runners: readonly Runner[]): { fn: Fn; place: Hook["place"] }[] =>
  runners
    .flatMap((r) => r.jobs)
    .flatMap((j) => j.fns.map((fn) => ({ fn, place: { call: j.call, fn: j.fn, at: j.call.at } })));

const callsNext = (fn: Fn): boolean => fn.params.length === 2;

/** Plugins hear the errors of a request, whatever formats them afterwards. */
const hasPlugin = (run: Run, project: Project): boolean =>
  [...run.files].some((file) => says(file, PLUGIN, project));

const PLUGIN = /didEncounterErrors|requestDidStart|willSendResponse/;

/** The text of some file has a hook that was not recognised, on an app that came as an argument or out of a container. */
function isMentionedElsewhere(runners: readonly Runner[], run: Run, project: Project): boolean {
  const known = new Set(runners.flatMap((r) => r.hooks.map((h) => h.fn.module.file)));
  const patterns = [
    ...new Set(
      runners.flatMap((r) =>
        r.facts.hooks.flatMap(({ as, name }) => {
          if (as === "method") return [`\\.${name}\\(`];
          if (as === "event")
            return [`(app|koa|server|api|webhook\\w*)\\??\\.(on|once|ext)\\(\\s*\\[?\\s*["'\`]${name}["'\`]`];
          if (as === "middleware") return [ERROR_MIDDLEWARE];
          return as === "option" ? [`\\b${name}\\s*[:(,]`] : [];
        }),
      ),
    ),
  ];
  if (patterns.length === 0) return false;
  const pattern = patternOf(patterns.join("|"));
  const heard = new Set(runners.flatMap((r) => r.hooks.flatMap((h) => h.fns.map((f) => f.module.file))));
  return [...run.files].some(
    (file) =>
      !known.has(file) && !heard.has(file) && !project.index.isTest(file) && says(file, pattern, project),
  );
}

/** One value for each pattern, so that what a text says of it is kept. */
function patternOf(source: string): RegExp {
  let pattern = made.get(source);
  if (!pattern) made.set(source, (pattern = new RegExp(source)));
  return pattern;
}

const made = new Map<string, RegExp>();

/** `(err, req, res, next)`. */
const ERROR_MIDDLEWARE =
  "\\(\\s*_?(?:e|er|err|error|ex|exception)\\s*(?::[^,)]*)?,\\s*_?(?:req|request)\\w*\\s*(?::[^,)]*)?,\\s*_?(?:res|response|reply)\\w*\\s*(?::[^,)]*)?,\\s*_?\\w+|ErrorRequestHandler|ErrorMiddlewareInterface";

/** Whether a failure of the program's own code comes to the framework at all. */
function canFail(name: string, { run, project, kinds }: About): boolean {
  if (name === "Nest application") return hasController(run, project);
  const family = name.split(" ", 1)[0] ?? name;
  const runners = [...kinds].flatMap(([n, rs]) => (n.startsWith(`${family} `) ? rs : []));
  return canFailIn(runners, run, project);
}

/** The app that serves: the one of the file that makes it listen, else the only one. */
function servedOf(runners: readonly Runner[], run: Run, project: Project): Runner | undefined {
  const serving = [...run.files].filter((file) => {
    if (project.index.isTest(file)) return false;
    const imports = project.index.scan(file).imports;
    const module =
      imports.length > 0 && SERVES.test(project.index.read(file) ?? "") ? project.module(file) : undefined;
    return module?.calls.some(({ call }) => servedBy(call, module, project)) === true;
  });
  if (serving.length === 0) return undefined;
  const here = runners.find((r) => serving.includes(r.fn.module.file));
  if (here) return here;
  const makers = new Set(runners.map((r) => r.fn.module.file));
  return makers.size === 1 ? runners[0] : undefined;
}

const SERVES = /listen|serve|start|Server/;

/** The call in an app's own file through which the reporter is started. */
function startIn(
  module: Module,
  { start }: Carrier,
): { fn: Fn; call: NonNullable<Heard["call"]> } | undefined {
  if (start.stack[0]?.as !== "entry") return undefined;
  if (start.fn.module === module && start.call) return { fn: start.fn, call: start.call };
  const callers = start.stack.map((step, i) => ({ call: step.call, fn: start.stack[i - 1]?.fn }));
  const last = callers.findLast(({ call, fn }) => call && fn?.module === module);
  return last?.call && last.fn && { fn: last.fn, call: last.call };
}
