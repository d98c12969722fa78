/**
 * Rollbar's server SDK.
 *
 * Read in rollbar 3.1.0. Measured: an item followed by an exit is lost; `wait` calls back when the queue is empty and has no time
 * limit. Crash capture is opt-in and then keeps the process alive unless `exitOnUncaughtException`. A natural end
 * delivers.
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };
const wait: CallFacts = {
  role: "flush",
  style: "callback",
  callback: { argument: 0 },
  boundMillis: null,
  awaitable: "new Promise((resolve) => $.wait(() => resolve(undefined)))",
};

const client: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    log: capture,
    debug: capture,
    info: capture,
    warn: capture,
    warning: capture,
    error: capture,
    critical: capture,
    captureEvent: capture,
    wait,
  },
};

export const rollbar: Vendor = {
  name: "Rollbar",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["rollbar"],
      exports: {
        default: client,
        init: { kind: "function", role: "start", style: "sync", returns: "default" },
        log: { kind: "function", ...capture },
        debug: { kind: "function", ...capture },
        info: { kind: "function", ...capture },
        warn: { kind: "function", ...capture },
        warning: { kind: "function", ...capture },
        error: { kind: "function", ...capture },
        critical: { kind: "function", ...capture },
        wait: { kind: "function", ...wait },
      },
    },
  ],
};
