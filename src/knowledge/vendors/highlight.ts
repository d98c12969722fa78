/**
 * Highlight for Node.js, a singleton `H`. It takes the end of the process over: SIGTERM, SIGINT, SIGABRT and `beforeExit` flush
 * and exit.
 *
 * Read in @highlight-run/node 3.12.22. Measured: an error followed by an exit is lost, a natural end delivers and keeps the exit
 * code, SIGTERM delivers and cuts the program's own handler off. Uncaught errors are not captured.
 */
import type { Vendor } from "../schema.js";

export const highlight: Vendor = {
  name: "Highlight",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  crash: {
    reporter: true,
    hears: [],
    hooks: [
      { runner: "express app", path: "Handlers.errorHandler", ordered: true },
      { runner: "tRPC handler", path: "Handlers.trpcOnError" },
    ],
    tell: "$.consumeError(%)",
  },
  packages: [
    {
      specifiers: ["@highlight-run/node"],
      endings: [
        { event: "beforeExit", exits: true },
        { event: "SIGTERM", exits: true },
        { event: "SIGINT", exits: true },
        { event: "SIGABRT", exits: true },
      ],
      exports: {
        "H.init": { kind: "function", role: "start", style: "sync" },
        "H.flush": { kind: "function", role: "flush", style: "promise" },
        "H.stop": { kind: "function", role: "close", style: "promise" },
        "H.consumeError": { kind: "function", role: "capture", style: "fire-and-forget" },
        "H.consumeAndFlush": { kind: "function", role: "flush", style: "promise" },
        "H.log": { kind: "function", role: "capture", style: "fire-and-forget" },
        "H.recordMetric": { kind: "function", role: "capture", style: "fire-and-forget" },
        "H.recordCount": { kind: "function", role: "capture", style: "fire-and-forget" },
        "H.recordIncr": { kind: "function", role: "capture", style: "fire-and-forget" },
        "H.recordHistogram": { kind: "function", role: "capture", style: "fire-and-forget" },
        "H.recordUpDownCounter": { kind: "function", role: "capture", style: "fire-and-forget" },
      },
    },
  ],
};
