/**
 * What Sentry hears of crashes, by major version.
 *
 * Run with @sentry/node 6.19.7, 7.120.4, 8.55.2, 9.47.2 and 10.78.0 (an error thrown in a timer, a rejection, a worker thread that
 * throws; with each way to choose integrations): an array in `integrations` only adds to the defaults; a function replaces what it
 * does not hand back; `defaultIntegrations: false` or an array there leaves both crash integrations out, and they can be listed again.
 * Up to 7 an uncaught error ends the process even beside another listener, and so does that of a worker thread, which arrives as
 * the process's own. 8 listens to workers and child processes but leaves a breadcrumb only: their errors vanish and the process
 * goes on. From 9 the error of a worker is captured, the `error` of a child process (no such command) stays a breadcrumb that takes
 * the crash away. Started inside a worker thread it hears rejections there, uncaught errors only in the main thread.
 *
 * Frameworks, read in the same versions and in @sentry/nestjs 8.55.2, 9.47.1, 10.75.3: none of them is heard without a hook, but for
 * Fastify 5 from major 9 on, and that only while tracing is on.
 */
import type { CrashFacts, CrashHook, CrashOption } from "../schema.js";

const BOTH: CrashFacts["hears"] = ["uncaughtException", "unhandledRejection"];

const options: CrashOption[] = [
  { argument: 0, property: "defaultIntegrations", events: [...BOTH, "worker"], off: false },
  {
    argument: 0,
    property: "integrations",
    events: ["uncaughtException"],
    names: ["onUncaughtExceptionIntegration", "OnUncaughtException"],
  },
  {
    argument: 0,
    property: "integrations",
    events: ["unhandledRejection"],
    names: ["onUnhandledRejectionIntegration", "OnUnhandledRejection"],
  },
  { argument: 0, property: "integrations", events: ["worker"], names: ["childProcessIntegration"] },
];

/** Wrap libraries of schedules; that of node-schedule sends check-ins only. */
const schedules: CrashHook[] = [
  { runner: "node-cron schedule", path: "cron.instrumentNodeCron" },
  { runner: "cron job", path: "cron.instrumentCron" },
];

const hooks8: CrashHook[] = [
  { runner: "express app", path: "setupExpressErrorHandler", ordered: true },
  { runner: "express app", path: "expressErrorHandler", ordered: true },
  { runner: "connect app", path: "setupConnectErrorHandler", ordered: true },
  { runner: "fastify app", path: "setupFastifyErrorHandler" },
  { runner: "koa app", path: "setupKoaErrorHandler" },
  { runner: "hapi server", path: "setupHapiErrorHandler" },
  { runner: "Nest application", path: "SentryGlobalFilter" },
  { runner: "Nest application", path: "SentryExceptionCaptured" },
  { runner: "tRPC handler", path: "trpcMiddleware" },
];

const base: CrashFacts = {
  reporter: true,
  hears: BOTH,
  options,
  copies: { since: 8 },
  tell: "$.captureException(%)",
};

/** 9 and later. */
export const crash: CrashFacts = {
  ...base,
  hears: [...BOTH, "worker"],
  ends: "alone",
  runners: ["fastify app"],
  hooks: [...hooks8, { runner: "hono app", path: "setupHonoErrorHandler" }, ...schedules],
};

export const crash8: CrashFacts = {
  ...base,
  ends: "alone",
  hooks: [
    ...hooks8,
    { runner: "Nest application", path: "setupNestErrorHandler" },
    { runner: "Nest application", path: "SentryGlobalGenericFilter" },
    { runner: "Nest application", path: "SentryGlobalGraphQLFilter" },
    { runner: "Nest application", path: "WithSentry" },
    ...schedules,
  ],
};

/** 7 and older. */
export const crash7: CrashFacts = {
  ...base,
  ends: "always",
  hooks: [
    { runner: "express app", path: "Handlers.errorHandler", ordered: true },
    { runner: "connect app", path: "Handlers.errorHandler", ordered: true },
    { runner: "hapi server", path: "hapiErrorPlugin" },
    { runner: "tRPC handler", path: "Handlers.trpcMiddleware" },
  ],
};

/** `@sentry/hono` 10.75.2 (read): its middleware has to be the first; it hears what `onError` was given. */
export const crashOfHono: CrashFacts = { ...crash, hooks: [{ runner: "hono app", path: "sentry" }] };

/** The wrapper 4.0.0 around 10 (read); it cannot be told which integrations to have. */
export const crashOfSnapshot: CrashFacts = {
  ...base,
  hears: [...BOTH, "worker"],
  options: [],
  ends: "alone",
  runners: ["fastify app"],
  hooks: [{ runner: "express app", path: "fallbackLogger", ordered: true }],
  tell: "$.capture(%)",
};

/** Read in 10.78.0: listens to the global events, sends, then throws the error again, which ends the process. */
export const crashOfDeno: CrashFacts = {
  ...base,
  options: [
    { argument: 0, property: "defaultIntegrations", events: BOTH, off: false },
    { argument: 0, property: "integrations", events: BOTH, names: ["globalHandlersIntegration"] },
  ],
  ends: "always",
};

/** The main process shows a dialog and lives on. */
export const crashOfElectron: CrashFacts = { ...base, hears: BOTH };

/** What runs on workers of an edge has no such events; a handler that is wrapped is heard. */
export const crashAtTheEdge: CrashFacts = {
  reporter: true,
  hears: [],
  copies: { since: 8 },
  tell: "$.captureException(%)",
};

const rejectionsOfRaven: CrashOption = {
  call: "config",
  argument: 1,
  property: "captureUnhandledRejections",
  events: ["unhandledRejection"],
  on: true,
};

/**
 * `raven` 2.6.4 (run): ends the process beside other listeners too, unless a callback was given to `install`: then that has to. Without
 * its option it has no listener for rejections, but hears each that nobody else listens for.
 */
export const ravenCrash: CrashFacts = {
  reporter: true,
  hears: BOTH,
  rejectionsAsUncaught: true,
  options: [rejectionsOfRaven],
  ends: "always",
  endsInstead: { call: "install", argument: 0 },
  hooks: [
    { runner: "express app", path: "errorHandler", ordered: true },
    { runner: "connect app", path: "errorHandler", ordered: true },
  ],
  tell: "$.captureException(%)",
};

/** `raven` 1.2.1 (run): with or without a callback it never ends the process by itself. */
export const raven1Crash: CrashFacts = {
  ...ravenCrash,
  ends: "never",
  hooks: [
    { runner: "express app", path: "middleware.express.errorHandler", ordered: true },
    { runner: "connect app", path: "middleware.connect.errorHandler", ordered: true },
  ],
};
