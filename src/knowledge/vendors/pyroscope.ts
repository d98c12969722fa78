/**
 * Pyroscope's continuous profiler: `stop` sends the profile of the last interval (60 s).
 *
 * Read in @pyroscope/nodejs 0.6.4; not run.
 */
import type { Vendor } from "../schema.js";

export const pyroscope: Vendor = {
  name: "Pyroscope",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@pyroscope/nodejs"],
      exports: {
        init: { kind: "function", role: "create", style: "sync" },
        start: { kind: "function", role: "start", style: "sync" },
        stop: { kind: "function", role: "close", style: "promise" },
      },
    },
  ],
};
