/**
 * hot-shots, a client of StatsD. By default each metric is one datagram, handed over before the call returns; only with
 * `maxBufferSize` above zero does it wait.
 *
 * Read in hot-shots 17.1.1. Measured: unbuffered metrics to an IP address survive an exit, buffered ones are lost at an exit and
 * at a natural end. `close` calls back after 550 ms at the latest. `flush` exists since 17. No event of the process is listened
 * to.
 */
import type { ExportFacts, Vendor } from "../schema.js";

const client: ExportFacts = {
  kind: "class",
  construct: "create",
  part: "client",
  members: {
    childClient: { type: "StatsD", call: true },
    flush: {
      role: "flush",
      style: "callback",
      callback: { argument: 0 },
      awaitable: "new Promise((resolve) => $.flush(resolve))",
    },
    close: {
      role: "close",
      style: "callback",
      boundMillis: 550,
      callback: { argument: 0 },
      awaitable: "new Promise((resolve) => $.close(resolve))",
    },
  },
};

export const hotShots: Vendor = {
  name: "hot-shots",
  ambient: false,
  buffering: "none",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [{ specifiers: ["hot-shots"], exports: { StatsD: client, default: client } }],
};
