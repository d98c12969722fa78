import type { Vendor } from "../../knowledge/schema.js";
import type { Call, Expr, Fn, Module } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import type { Carrier } from "../covered.js";
import { bridgesLogs } from "../../program/log-bridges.js";
import type { Project } from "../../program/project.js";
import type { Run } from "../../program/program.js";
import { functionsIn } from "../../program/reach.js";
import { says, type Sought } from "../../program/says.js";
import {
  guardsIn,
  isErrorMiddleware,
  isOfParameter,
  verdictOf,
  verdictOfGuard,
  type Verdict,
} from "./hooks.js";

/**
 * Whether a program may tell a reporter of the failures of its routes in a way that is none of the hooks of the tables: a hook of
 * the reporter, by its name; a package that brings the two together; a middleware, wrapper or interceptor that reports; log lines
 * that reach the reporter. Only ever silences.
 */
export function mayReport(run: Run, project: Project, reporters: readonly Carrier[]): boolean {
  let known = cache.get(run);
  if (known === undefined) cache.set(run, (known = find(run, project, reporters)));
  return known;
}

const cache = new WeakMap<Run, boolean>();

/** Packages of the reporters that bring no framework and no reporter together. */
const PLAIN =
  /^@sentry\/(profiling-node|tracing|integrations|types|utils|core|opentelemetry|opentelemetry-node|cli|browser|react|webpack-plugin|esbuild-plugin|vite-plugin|rollup-plugin)$|^source-map-support/;
const REPORTER =
  /sentry|bugsnag|rollbar|honeybadger|(^|[/-])raven|airbrake|error-reporting|raygun|appsignal/i;
/** Agents that record failed requests by themselves. */
const AGENT = /^(New Relic|Datadog|Elastic APM|Application Insights|Azure Monitor)/i;

/** Hooks and wrappers of reporters, by the names that they have had over the years. */
const HOOK_NAMES =
  /setup\w*ErrorHandler|\bHandlers\s*\.\s*errorHandler|expressErrorHandler|(sentry|raven|bugsnag|rollbar|honeybadger|airbrake|errors|errorReporting|reporter)\w*\s*(\.\s*\w+)*\.\s*(errorHandler|express|hapi|koa|restify|requestHandler|expressHandler|attachErrorHandler)\b|SentryGlobal\w*Filter|SentryExceptionCaptured|@WithSentry\b|Sentry\w*(Interceptor|Filter|Plugin|Middleware|Logger)|RavenInterceptor|sentry\w*(Middleware|Plugin|Handler)|\bsentry\(|getPlugin\(|trpcMiddleware|[dD]iagnosticsChannelInjection|lambdaHandler|wrapRequestHandler/i;

/** Words without which a file tells nobody of an error. */
const SPEAKS =
  /captur|report|notif|sentry|raven|bugsnag|rollbar|honeybadger|airbrake|alert|logException|logError|trackException|recordException/i;
/** Loggers that do more than write lines. */
const OWN_LOGGER =
  /(extends|implements)\s+[\w.]*(Transport\w*|ConsoleLogger|LoggerService|Logger|Writable|Appender)\b/;
const IN_MODULE =
  /\b(formatError|onError|errorFormatter|plugins|useFactory)\b[\s\S]{0,600}(captur|report|notif|track|alert)/i;
const INTERCEPTS = /\bintercept\s*\(|catchError\s*\(/;

function find(run: Run, project: Project, reporters: readonly Carrier[]): boolean {
  const { index } = project;
  if (bridgesLogs(run, project) || [...run.started.keys()].some(isAgent) || run.preloaded.some(isAgent))
    return true;
  const names = reporters.flatMap(({ facts }) =>
    (facts.hooks ?? []).map((h) => h.path.split(".").at(-1) ?? h.path),
  );
  const files = [...run.files].filter((f) => !index.isTest(f)).sort();
  const speaking: string[] = [];
  for (const file of files) {
    const bridges = index
      .scan(file)
      .imports.some(({ specifier, kind }) => kind !== "type" && isBridge(file, specifier, project));
    const has = (sought: Sought): boolean => says(file, sought, project);
    if (bridges || has(HOOK_NAMES)) return true;
    if (names.some((n) => n !== "errorHandler" && n !== "requestHandler" && has(n))) return true;
    if (!has(SPEAKS)) continue;
    // what stands in a decorator is no code to follow
    if (has("@Module(") && has(IN_MODULE)) return true;
    if (has(OWN_LOGGER) || has(INTERCEPTS)) return true;
    speaking.push(file);
  }
  return speaking.some((file) => {
    const module = project.module(file);
    return module !== undefined && reportsIn(module, run, project);
  });
}

const isAgent = ({ name }: Vendor): boolean => AGENT.test(name);

/** `fastify-sentry`, `koa-sentry`, `@sentry/hono`: not the reporter itself, and not a file of the program. */
const isBridge = (file: string, specifier: string, project: Project): boolean =>
  REPORTER.test(specifier) &&
  !PLAIN.test(specifier) &&
  project.lookup.package(specifier) === undefined &&
  project.index.resolve(file, specifier) === undefined;

/** Something in this module deals with the failures of others and reports them. */
function reportsIn(module: Module, run: Run, project: Project): boolean {
  const tells = (v: Verdict): boolean => v === "tells" || v === "unknown";
  if (module.fns.some((fn) => isErrorMiddleware(fn) && tells(verdictOf(fn, run, project)))) return true;
  const text = project.index.read(module.file) ?? "";
  const isOption = (fn: Fn): boolean => OPTION.test(text.slice(Math.max(0, fn.at[0] - 40), fn.bodyAt[0]));
  if (module.fns.some((fn) => isOption(fn) && verdictOf(fn, run, project) === "tells")) return true;
  for (const guard of guardsIn(module)) {
    const verdict = verdictOfGuard(guard, run, project);
    if (verdict === "tells" || (verdict === "unknown" && isAboutRequests(guard.fn))) return true;
  }
  return module.calls.some(({ call, fn }) => {
    const given = givenTo(call, fn, project);
    if (isChainOfParameter(call)) return given.some((f) => tells(verdictOf(f, run, project)));
    const name = nameOf(call.callee);
    const around = name === "use" ? given.filter((f) => looksAtOutcome(f, project)) : given;
    return HANDS_IN.test(name) && around.some((f) => verdictOf(f, run, project) === "tells");
  });
}

/** The hook of a layer above (GraphQL, tRPC), written as an option or a method of a plugin. */
const OPTION =
  /\b(formatError|onError|customFormatErrorFn|errorFormatter|didEncounterErrors|onRequestError|errorHandler)\s*([:=]\s*(async\s*)?(function\b[^(]*)?)?\([^()]*(\([^()]*\)[^()]*)*\)?[^{;]*$/;

/** Methods through which a framework is given what runs around all routes. */
const HANDS_IN =
  /^(use|addHook|ext|hook|onError|setErrorHandler|register|decorate|onResponse|onAfterHandle|useGlobal\w+)$/;

/** A middleware that waits for the answer and looks at it, and not one that does something of its own before. */
const looksAtOutcome = (fn: Fn, project: Project): boolean =>
  OUTCOME.test(project.index.read(fn.module.file)?.slice(...fn.at) ?? "");

const OUTCOME = /\.error\b|statusCode|\.status\b(?!\s*\()|finish|catch\s*[({]/;

const nameOf = (callee: Expr): string =>
  callee.k === "mem" ? (callee.p ?? "") : callee.k === "id" ? callee.name : "";

const givenTo = (call: Call, fn: Fn, project: Project): Fn[] =>
  call.args.flatMap((a) => functionsIn(a, fn, project.values));

/** `Promise.resolve(handler(req, res, next)).catch(...)`. */
const isChainOfParameter = ({ callee }: Call): boolean =>
  callee.k === "mem" &&
  (callee.p === "catch" || callee.p === "then") &&
  evaluates(callee.o, (e) => e.k === "call" && isOfParameter(e));

const REQUESTS = /^(req|res|request|reply|response|ctx|c|context|next|h|handler|route|controller|endpoint)$/i;

/** By the names of what it or the function around it takes. */
function isAboutRequests(fn: Fn): boolean {
  for (let f: Fn | undefined = fn; f; f = f.parent)
    if (f.params.some((p) => p.some((b) => REQUESTS.test(b.name)))) return true;
  return false;
}
