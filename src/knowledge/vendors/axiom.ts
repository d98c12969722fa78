/**
 * Axiom's client and its transport for winston.
 *
 * Read in @axiomhq/js 2.0.0 and @axiomhq/winston 1.8.0. Measured with the first: events wait up to 1 s; an exit loses them, `flush` (which
 * never rejects) and a natural end deliver. Ending a winston logger does not wait for the transport's batch.
 */
import type { Vendor } from "../schema.js";

export const axiom: Vendor = {
  name: "Axiom",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@axiomhq/js"],
      exports: {
        Axiom: {
          kind: "class",
          construct: "start",
          part: "client",
          members: {
            ingest: { role: "capture", style: "fire-and-forget" },
            flush: { role: "flush", style: "promise" },
          },
        },
        AxiomWithoutBatching: {
          kind: "class",
          construct: "create",
          part: "client",
          buffering: "immediate",
          members: { ingest: { role: "capture", style: "promise", rejects: true } },
        },
      },
    },
    {
      specifiers: ["@axiomhq/winston"],
      exports: {
        WinstonTransport: {
          kind: "class",
          construct: "create",
          part: "transport",
          buffering: "batch",
          members: {
            flush: {
              role: "flush",
              style: "callback",
              callback: { argument: 0 },
              awaitable: "new Promise((resolve) => $.flush(resolve))",
            },
          },
        },
      },
    },
  ],
};
