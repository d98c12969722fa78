/**
 * Statsig's server SDK: a singleton behind the module, or a `StatsigServer`.
 *
 * Read in statsig-node 6.5.2. Measured: `shutdown()` starts the sending and can not be waited for, `shutdownAsync` delivers; an
 * exit and a natural end lose what was logged.
 */
import type { CallFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };
const flush: CallFacts = {
  role: "flush",
  style: "promise",
  timeout: { argument: 0, unit: "ms", defaultMillis: null },
};
const shutdown: CallFacts = { role: "close", style: "fire-and-forget", twin: "shutdownAsync" };
const shutdownAsync: CallFacts = {
  role: "close",
  style: "promise",
  timeout: { argument: 0, unit: "ms", defaultMillis: null },
};

export const statsig: Vendor = {
  name: "Statsig",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["statsig-node"],
      exports: {
        initialize: { kind: "function", role: "start", style: "promise" },
        logEvent: { kind: "function", ...capture },
        logEventObject: { kind: "function", ...capture },
        flush: { kind: "function", ...flush },
        shutdown: { kind: "function", ...shutdown },
        shutdownAsync: { kind: "function", ...shutdownAsync },
        StatsigServer: {
          kind: "class",
          construct: "create",
          part: "client",
          members: {
            initializeAsync: { role: "start", style: "promise" },
            logEvent: capture,
            logEventObject: capture,
            flush,
            shutdown,
            shutdownAsync,
          },
        },
      },
    },
  ],
};
