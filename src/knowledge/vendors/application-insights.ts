/**
 * Application Insights for Node.js: package `applicationinsights`, majors 2 and 3.
 *
 * Read in applicationinsights 2.9.8 and 3.16.0. Measured: in 2 `flush` tells its end only through `{ callback }` (awaiting it
 * waits for nothing), `dispose` drops the buffer, a silent endpoint holds it for 20 s, a natural end delivers after up to 15 s.
 * In 3 `flush` returns a promise and never calls the callback, `dispose` starts a shutdown nobody can wait for, a natural end
 * loses telemetry. Listeners: 2 looks at uncaught errors through `uncaughtExceptionMonitor` and only writes them to disk; 3
 * flushes its logs, without a time limit, and exits with 1 while no other listener is there; a rejection is recorded and the
 * process goes on. What 2 wrote to the temporary directory is sent by a later process on the same machine, if there is one. A rejection
 * reaches the monitor of 2 only while nobody listens for it. The table by itself accepts both
 * styles; `majors` is exact where the version is known.
 */
import type { CallFacts, CrashFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };

const captures: Record<string, CallFacts> = {
  trackEvent: capture,
  trackException: capture,
  trackTrace: capture,
  trackMetric: capture,
  trackRequest: capture,
  trackDependency: capture,
  trackAvailability: capture,
  trackPageView: capture,
  trackNodeHttpRequest: capture,
  trackNodeHttpRequestSync: capture,
  trackNodeHttpDependency: capture,
  track: capture,
};

const client: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    flush: { role: "flush", style: "promise-or-callback", callback: { argument: 0, property: "callback" } },
    shutdown: { role: "close", style: "promise" },
  },
};

const client2: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    flush: {
      role: "flush",
      style: "callback",
      callback: { argument: 0, property: "callback" },
      boundMillis: 20_000,
      awaitable: "new Promise((resolve) => $.flush({ callback: resolve }))",
    },
  },
};

const client3: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    flush: { role: "flush", style: "promise" },
    shutdown: { role: "close", style: "promise" },
  },
};

const dispose2: ExportFacts = { kind: "function", role: "drop", style: "sync" };
const dispose3: ExportFacts = {
  kind: "function",
  role: "close",
  style: "fire-and-forget",
  twin: "shutdownAzureMonitor",
};

/** `setup()` and each setting hand back the class itself, so that calls can be chained up to `start()`. */
const configuration: ExportFacts = {
  kind: "class",
  construct: "create",
  members: {
    start: { role: "start", style: "sync", returns: "Configuration" },
    setDistributedTracingMode: { type: "Configuration", call: true },
    setAutoCollectConsole: { type: "Configuration", call: true },
    setAutoCollectExceptions: { type: "Configuration", call: true },
    setAutoCollectPerformance: { type: "Configuration", call: true },
    setAutoCollectPreAggregatedMetrics: { type: "Configuration", call: true },
    setAutoCollectHeartbeat: { type: "Configuration", call: true },
    setAutoCollectRequests: { type: "Configuration", call: true },
    setAutoCollectDependencies: { type: "Configuration", call: true },
    setAutoDependencyCorrelation: { type: "Configuration", call: true },
    setAutoCollectIncomingRequestAzureFunctions: { type: "Configuration", call: true },
    enableAutoWebSnippetInjection: { type: "Configuration", call: true },
    enableWebInstrumentation: { type: "Configuration", call: true },
    setUseDiskRetryCaching: { type: "Configuration", call: true },
    setInternalLogging: { type: "Configuration", call: true },
    setSendLiveMetrics: { type: "Configuration", call: true },
    setAzureMonitorOptions: { type: "Configuration", call: true },
  },
};

const crash3: CrashFacts = {
  reporter: false,
  hears: ["uncaughtException", "unhandledRejection"],
  options: [
    {
      call: "setAutoCollectExceptions",
      argument: 0,
      property: "",
      events: ["uncaughtException", "unhandledRejection"],
      off: false,
    },
    {
      argument: 0,
      property: "enableAutoCollectExceptions",
      events: ["uncaughtException", "unhandledRejection"],
      off: false,
    },
  ],
  ends: "alone",
  tell: "$.trackException({ exception: % })",
};

/** The monitor keeps nothing alive: the process dies of the error as it would have without it. */
const crash2: CrashFacts = {
  reporter: false,
  hears: ["uncaughtException", "unhandledRejection"],
  rejectionsAsUncaught: true,
  options: crash3.options?.filter((option) => option.call !== undefined) ?? [],
  tell: "$.trackException({ exception: % })",
};

export const applicationInsights: Vendor = {
  name: "Application Insights",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: true,
  crash: crash3,
  packages: [
    {
      specifiers: ["applicationinsights"],
      exports: {
        setup: { kind: "function", role: "start", style: "sync", returns: "Configuration" },
        start: { kind: "function", role: "start", style: "sync", returns: "Configuration" },
        dispose: dispose2,
        defaultClient: { kind: "object", type: "TelemetryClient" },
        TelemetryClient: client,
        Configuration: configuration,
        useAzureMonitor: { kind: "function", role: "start", style: "sync" },
        flushAzureMonitor: { kind: "function", role: "flush", style: "promise" },
        shutdownAzureMonitor: { kind: "function", role: "close", style: "promise" },
      },
      majors: [
        {
          range: "<3",
          note: "flush tells its end only through { callback }; dispose drops what is buffered; a crash is written to disk, never sent",
          exports: { TelemetryClient: client2, dispose: dispose2 },
          crash: crash2,
        },
        {
          range: ">=3",
          note: "flush returns a promise and ignores { callback }; dispose starts a shutdown without waiting; a natural end loses telemetry",
          exports: { TelemetryClient: client3, dispose: dispose3 },
          naturalEndDelivers: false,
          endings: [{ event: "uncaughtException", exits: true, alone: true }],
        },
      ],
    },
  ],
};
