/**
 * LangSmith's client.
 *
 * Read in langsmith 0.10.5. Measured: a run followed by an exit is lost; `awaitPendingTraceBatches`, `flush` and a natural end
 * deliver. A silent server holds both for two minutes, and a refused connection for more than 45 s. `cleanup` clears timers and
 * caches and sends nothing.
 */
import type { Vendor } from "../schema.js";

export const langsmith: Vendor = {
  name: "LangSmith",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["langsmith"],
      exports: {
        Client: {
          kind: "class",
          construct: "start",
          part: "client",
          members: {
            createRun: { role: "capture", style: "fire-and-forget" },
            updateRun: { role: "capture", style: "fire-and-forget" },
            flush: { role: "flush", style: "promise", boundMillis: 120_000 },
            awaitPendingTraceBatches: { role: "flush", style: "promise", boundMillis: 120_000 },
            cleanup: { role: "drop", style: "sync" },
          },
        },
      },
    },
  ],
};
