/**
 * Datadog's tracer. Nothing public sends what is buffered, so the tables name a start and no flush: there is nothing to advise.
 *
 * Read in dd-trace 5.132.0. Measured: spans leave every 2 s and at `beforeExit`; an exit before that loses them. No signal
 * is listened to; `uncaughtExceptionMonitor` reports the crash, not the spans.
 */
import type { Vendor } from "../schema.js";

export const ddTrace: Vendor = {
  name: "Datadog",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["dd-trace"],
      endings: [{ event: "beforeExit", exits: false }],
      exports: {
        init: { kind: "function", role: "start", style: "sync" },
        "tracer.init": { kind: "function", role: "start", style: "sync" },
      },
    },
    {
      specifiers: ["dd-trace/init", "dd-trace/init.js", "dd-trace/initialize.mjs"],
      startsOnImport: true,
      endings: [{ event: "beforeExit", exits: false }],
      exports: {},
    },
  ],
};
