/**
 * Axiom's client, its logger and its transport for winston.
 *
 * Read in @axiomhq/js 2.0.0 and @axiomhq/winston 1.8.0. Measured with the first: events wait up to 1 s; an exit loses them,
 * `flush` (which never rejects and gives a silent server 20 s) and a natural end deliver. Ending a winston logger does not wait
 * for the transport's batch. @axiomhq/logging 0.4.1, measured: a natural end delivers through `AxiomJSTransport` and with
 * `autoFlush`, an exit loses; without `autoFlush` a `SimpleFetchTransport` sends nothing until it is flushed. None listens to an
 * event of the process.
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };
const flush: CallFacts = { role: "flush", style: "promise", boundMillis: 20_000 };

const logger: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "logger",
  members: {
    log: capture,
    debug: capture,
    info: capture,
    warn: capture,
    error: capture,
    raw: capture,
    with: { type: "Logger", call: true },
    flush,
  },
};

const transport: ExportFacts = {
  kind: "class",
  construct: "create",
  part: "transport",
  buffering: "batch",
  members: { flush },
};

const consoleTransport: ExportFacts = {
  kind: "class",
  construct: "create",
  part: "transport",
  buffering: "none",
  members: {},
};

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
            flush,
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
      specifiers: ["@axiomhq/logging"],
      exports: {
        Logger: logger,
        AxiomJSTransport: transport,
        SimpleFetchTransport: transport,
        ProxyTransport: transport,
        ConsoleTransport: consoleTransport,
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
