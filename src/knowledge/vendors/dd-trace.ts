/**
 * Datadog's tracer. Nothing public sends what is buffered, so the tables name a start and no flush: there is nothing to advise.
 *
 * Read in dd-trace 5.132.0 and 4.55.0 (which hears of no crash). Measured: spans leave every 2 s and at `beforeExit`; an exit before that loses them. No signal
 * is listened to; `uncaughtExceptionMonitor` reports the first crash, not the spans, and a rejection as long as nobody listens for it.
 */
import type { PackageFacts, Vendor } from "../schema.js";

const before5: PackageFacts["majors"] = [
  { range: "<5", note: "hears of no crash", crash: { reporter: false, hears: [] } },
];

export const ddTrace: Vendor = {
  name: "Datadog",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  crash: {
    reporter: false,
    hears: ["uncaughtException", "unhandledRejection"],
    rejectionsAsUncaught: true,
  },
  packages: [
    {
      specifiers: ["dd-trace"],
      majors: before5,
      endings: [{ event: "beforeExit", exits: false }],
      exports: {
        init: { kind: "function", role: "start", style: "sync" },
        "tracer.init": { kind: "function", role: "start", style: "sync" },
      },
    },
    {
      specifiers: ["dd-trace/init", "dd-trace/init.js", "dd-trace/initialize.mjs"],
      startsOnImport: true,
      majors: before5,
      endings: [{ event: "beforeExit", exits: false }],
      exports: {},
    },
  ],
};
