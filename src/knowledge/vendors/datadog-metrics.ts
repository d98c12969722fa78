/**
 * datadog-metrics: metrics are added up in the process and sent every 15 s (`flushIntervalSeconds`) on a timer that does not
 * keep the process alive.
 *
 * Read in datadog-metrics 0.8.2, 0.9.3, 0.10.2, 0.11.4 and 0.12.1. Measured with 0.12.1: an exit and an uncaught error lose what
 * is added up, `flush` and a natural end (`beforeExit`) deliver. Up to 0.11 `flush` tells its end through callbacks only, there
 * is no `stop`, and a natural end loses. A failed send is tried twice more; a silent server has no time limit. A metric starts
 * the shared logger when `init` was not called.
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "sync" };
const flush: CallFacts = {
  role: "flush",
  style: "promise-or-callback",
  callback: { argument: 0 },
  rejects: true,
};
const stop: CallFacts = { role: "close", style: "promise", rejects: true };

const captures: Record<string, CallFacts> = {
  gauge: capture,
  increment: capture,
  histogram: capture,
  distribution: capture,
};

const logger: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    start: { role: "start", style: "sync" },
    flush,
    stop,
  },
};

export const datadogMetrics: Vendor = {
  name: "datadog-metrics",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["datadog-metrics"],
      majors: [{ range: "<0.12", note: "a natural end loses what is added up", naturalEndDelivers: false }],
      endings: [{ event: "beforeExit", exits: false }],
      exports: {
        init: { kind: "function", role: "start", style: "sync" },
        gauge: { kind: "function", ...capture },
        increment: { kind: "function", ...capture },
        histogram: { kind: "function", ...capture },
        distribution: { kind: "function", ...capture },
        flush: { kind: "function", ...flush },
        stop: { kind: "function", ...stop },
        BufferedMetricsLogger: logger,
      },
    },
  ],
};
