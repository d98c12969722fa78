/**
 * PostHog for Node.js.
 *
 * Read in posthog-node 5.70.0, 4.9.0, 3.6.3 and 2.5.4. Measured with 5.70.0: events wait for 20 of them or 10 s on a timer that
 * does not keep the process alive, so a natural end loses them; `flush` rejects when the server is down, `shutdown` resolves; a
 * silent server holds `shutdown()` for 30 s and `flush` for 49 s. Only with `enableExceptionAutocapture` is a crash listened to
 * (captured, `shutdown(2000)`, exit 1 without another listener). Up to 3.x `shutdown` and `flush` were fire-and-forget with
 * awaitable twins.
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

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

export const posthog: Vendor = {
  name: "PostHog",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["posthog-node"],
      exports: { PostHog: client },
      majors: [
        {
          range: "<4",
          note: "shutdown and flush are fire-and-forget; shutdownAsync and flushAsync can be awaited",
          exports: { PostHog: clientBefore4 },
        },
      ],
    },
    { specifiers: ["posthog-node/edge"], exports: { PostHog: client } },
  ],
};
