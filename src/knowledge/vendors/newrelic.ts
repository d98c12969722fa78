/**
 * New Relic's agent for Node.js. Loading the module starts it; the module is the handle.
 *
 * Read in newrelic 13.20.0. Measured against a fake collector: without `collectPendingData: true` `shutdown` drops what is
 * buffered; it tells its end only through the callback, which may never come when the agent cannot connect, unless `timeout` is
 * given. An uncaught error is recorded and dies with the process: no event of the process is listened to.
 */
import type { Vendor } from "../schema.js";

export const newrelic: Vendor = {
  name: "New Relic",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  crash: { reporter: false, hears: [], tell: "$.noticeError(%)" },
  packages: [
    {
      specifiers: ["newrelic"],
      startsOnImport: true,
      exports: {
        noticeError: { kind: "function", role: "capture", style: "fire-and-forget" },
        recordCustomEvent: { kind: "function", role: "capture", style: "fire-and-forget" },
        recordLogEvent: { kind: "function", role: "capture", style: "fire-and-forget" },
        recordMetric: { kind: "function", role: "capture", style: "fire-and-forget" },
        incrementMetric: { kind: "function", role: "capture", style: "fire-and-forget" },
        shutdown: {
          kind: "function",
          role: "close",
          style: "callback",
          callback: { argument: 1 },
          timeout: { argument: 0, property: "timeout", unit: "ms", defaultMillis: null },
          onlyWith: { argument: 0, property: "collectPendingData" },
          awaitable:
            "new Promise((resolve) => $.shutdown({ collectPendingData: true, timeout: 3000 }, resolve))",
        },
      },
    },
    { specifiers: ["newrelic/esm-loader.mjs"], exports: {} },
  ],
};
