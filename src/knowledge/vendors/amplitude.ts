/**
 * Amplitude's analytics for Node.js, and its predecessor `@amplitude/node`.
 *
 * Read in @amplitude/analytics-node 1.5.73 and @amplitude/node 1.10.2. Measured with the first: each call gives a wrapper whose
 * `promise` settles, awaiting the wrapper itself waits for nothing; a flush before `init` has ended sends nothing; the timer
 * keeps the process alive.
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "wrapper" };
const start: CallFacts = { role: "start", style: "wrapper" };
const flush: CallFacts = { role: "flush", style: "wrapper", awaitable: "$.flush().promise" };

const client: ExportFacts = {
  kind: "class",
  construct: "create",
  typeOnly: true,
  part: "client",
  members: {
    init: start,
    track: capture,
    logEvent: capture,
    identify: capture,
    groupIdentify: capture,
    setGroup: capture,
    revenue: capture,
    flush,
  },
};

const oldClient: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    logEvent: { role: "capture", style: "promise", rejects: true },
    identify: { role: "capture", style: "promise", rejects: true },
    flush: { role: "flush", style: "promise", rejects: true },
  },
};

export const amplitude: Vendor = {
  name: "Amplitude",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@amplitude/analytics-node"],
      exports: {
        init: { kind: "function", ...start },
        track: { kind: "function", ...capture },
        logEvent: { kind: "function", ...capture },
        identify: { kind: "function", ...capture },
        groupIdentify: { kind: "function", ...capture },
        setGroup: { kind: "function", ...capture },
        revenue: { kind: "function", ...capture },
        flush: { kind: "function", ...flush },
        createInstance: { kind: "factory", returns: "NodeClient" },
        NodeClient: client,
      },
    },
    {
      specifiers: ["@amplitude/node"],
      exports: {
        init: { kind: "function", role: "start", style: "sync", returns: "NodeClient" },
        NodeClient: oldClient,
      },
    },
  ],
};
