/**
 * Langfuse before its move to OpenTelemetry (major 3), and the client that sends scores since. `@langfuse/otel` is a span
 * processor and `@langfuse/tracing` makes spans: see opentelemetry-distributions.ts.
 *
 * Read in langfuse 3.39.2, langfuse-node 3.38.20, langfuse-langchain 3. Measured: a natural end, an exit, `flush()` and
 * `shutdown()` lose what is buffered; the awaitable twins deliver, resolve even when the server is down, and take 29 s (four
 * tries) when it is silent; after `shutdownAsync` the client goes on. `flushAsync` gives an array. @langfuse/client 5.11.1, measured: a natural end and an exit lose
 * scores; `flush` and `shutdown` deliver, a silent server holds them for a minute. None listens to an event of the process.
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };

const endings: Record<string, CallFacts> = {
  flush: { role: "flush", style: "callback", callback: { argument: 0 }, twin: "flushAsync" },
  flushAsync: { role: "flush", style: "promise", boundMillis: 29_000, resolves: "array" },
  shutdown: { role: "close", style: "fire-and-forget", twin: "shutdownAsync" },
  shutdownAsync: { role: "close", style: "promise", boundMillis: 29_000, reusable: true },
};

const client: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...endings,
    trace: { ...capture, returns: "Trace" },
    span: capture,
    generation: capture,
    event: capture,
    score: capture,
  },
};

const trace: ExportFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  members: {
    update: capture,
    span: { ...capture, returns: "Trace" },
    generation: { ...capture, returns: "Trace" },
    event: { ...capture, returns: "Trace" },
    score: capture,
    end: capture,
  },
};

const scoreClient: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    score: { type: "ScoreManager" },
    flush: { role: "flush", style: "promise", boundMillis: 60_000 },
    shutdown: { role: "close", style: "promise", boundMillis: 60_000 },
  },
};

const scoreManager: ExportFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  members: {
    create: capture,
    observation: capture,
    trace: capture,
    activeObservation: capture,
    activeTrace: capture,
    flush: { role: "flush", style: "promise", boundMillis: 60_000 },
    shutdown: { role: "close", style: "promise", boundMillis: 60_000 },
  },
};

const callbackHandler: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    flushAsync: { role: "flush", style: "promise" },
    shutdownAsync: { role: "close", style: "promise" },
  },
};

export const langfuse: Vendor = {
  name: "Langfuse",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["langfuse", "langfuse-node"],
      exports: { Langfuse: client, default: client, Trace: trace },
    },
    {
      specifiers: ["@langfuse/client"],
      exports: { LangfuseClient: scoreClient, ScoreManager: scoreManager },
    },
    {
      specifiers: ["langfuse-langchain"],
      exports: {
        CallbackHandler: callbackHandler,
        default: callbackHandler,
      },
    },
  ],
};
