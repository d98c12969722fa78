/**
 * PostHog for Node.js.
 *
 * Read in posthog-node 5.70.0, 4.18.0, 4.9.0, 3.6.3 and 2.5.4. Measured with 5.70.0: events wait for 20 of them or 10 s on a timer that
 * does not keep the process alive, so a natural end loses them; `flush` rejects when the server is down, `shutdown` resolves; a
 * silent server holds `shutdown()` for 30 s and `flush` for 49 s. Only with `enableExceptionAutocapture` is a crash listened to
 * (captured, `shutdown(2000)`, exit 1 without another listener; run with 4.18.0 the process is kept alive instead). Up to 3.x `shutdown` and `flush` were fire-and-forget with
 * awaitable twins.
 */
import type { CallFacts, CrashFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };
const sent: CallFacts = { role: "capture", style: "promise", rejects: true };

const captures: Record<string, CallFacts> = {
  capture,
  captureException: capture,
  captureAi: capture,
  captureLog: capture,
  identify: capture,
  alias: capture,
  groupIdentify: capture,
  captureImmediate: sent,
  captureExceptionImmediate: sent,
  captureAiImmediate: sent,
  identifyImmediate: sent,
  aliasImmediate: sent,
  groupIdentifyImmediate: sent,
};

const client: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    flush: { role: "flush", style: "promise", rejects: true, boundMillis: 49_000 },
    shutdown: {
      role: "close",
      reusable: true,
      style: "promise",
      timeout: { argument: 0, unit: "ms", defaultMillis: 30_000 },
    },
    flushAsync: { role: "flush", style: "promise", rejects: true },
    shutdownAsync: { role: "close", style: "promise", reusable: true },
  },
};

const clientBefore4: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    flush: { role: "flush", style: "callback", callback: { argument: 0 }, twin: "flushAsync" },
    shutdown: { role: "close", style: "fire-and-forget", twin: "shutdownAsync" },
    flushAsync: { role: "flush", style: "promise", rejects: true },
    shutdownAsync: { role: "close", style: "promise" },
  },
};

/** No `tell`: most programs have it to count what people do, and expect no errors there. */
const crash: CrashFacts = {
  reporter: false,
  hears: [],
  options: [
    {
      argument: 1,
      property: "enableExceptionAutocapture",
      events: ["uncaughtException", "unhandledRejection"],
      on: true,
    },
  ],
  ends: "alone",
  hooks: [
    { runner: "express app", path: "setupExpressErrorHandler", ordered: true },
    { runner: "Nest application", path: "PostHogInterceptor" },
  ],
};

/** The exit after the last flush is missing, so that the listener keeps the broken process alive. */
const crash4: CrashFacts = { ...crash, ends: "never" };

export const posthog: Vendor = {
  name: "PostHog",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  crash,
  packages: [
    {
      specifiers: ["posthog-node"],
      exports: { PostHog: client },
      majors: [
        {
          range: "<4",
          note: "shutdown and flush are fire-and-forget; shutdownAsync and flushAsync can be awaited",
          exports: { PostHog: clientBefore4 },
          crash: { reporter: false, hears: [] },
        },
        { range: "<5", note: "a crash that is captured keeps the process alive", crash: crash4 },
      ],
    },
    { specifiers: ["posthog-node/edge"], exports: { PostHog: client } },
  ],
};
