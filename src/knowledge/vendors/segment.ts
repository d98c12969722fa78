/**
 * Segment for Node.js, and its predecessor `analytics-node`.
 *
 * Read in @segment/analytics-node 3.1.0 and analytics-node 6.2.0. Measured: the timer keeps the process alive, so a natural end
 * delivers after up to 10 s; an exit loses what waits. `flush()` without a time limit has no end when the server is down.
 * A second overlapping `flush` or `closeAndFlush` resolves at once. The predecessor sends at most `flushAt` events per `flush`
 * and cannot be closed. Neither listens to an event of the process.
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "callback", callback: { argument: 1 } };
const captures: Record<string, CallFacts> = {
  track: capture,
  identify: capture,
  page: capture,
  screen: capture,
  group: capture,
  alias: capture,
};

const analytics: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    flush: {
      role: "flush",
      style: "promise",
      timeout: { argument: 0, property: "timeout", unit: "ms", defaultMillis: null },
    },
    closeAndFlush: {
      role: "close",
      style: "promise",
      timeout: { argument: 0, property: "timeout", unit: "ms", defaultMillis: 75_000 },
    },
  },
};

const legacyAnalytics: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    flush: {
      role: "flush",
      style: "promise-or-callback",
      callback: { argument: 0 },
      rejects: true,
      resolves: "object",
      boundMillis: null,
    },
  },
};

export const segment: Vendor = {
  name: "Segment",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    { specifiers: ["@segment/analytics-node"], exports: { Analytics: analytics, default: analytics } },
    { specifiers: ["analytics-node"], exports: { default: legacyAnalytics } },
  ],
};
