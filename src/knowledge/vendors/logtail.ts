/**
 * Better Stack Logs (Logtail).
 *
 * Read in @logtail/node and @logtail/winston 0.5.9. Measured: lines wait up to 1 s; an exit loses them, `flush` and a natural
 * end deliver. `flush` never rejects; a silent server holds it for two minutes.
 */
import type { CallFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "promise", rejects: true };

export const logtail: Vendor = {
  name: "Logtail",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@logtail/node"],
      exports: {
        Logtail: {
          kind: "class",
          construct: "start",
          part: "client",
          members: {
            log: capture,
            debug: capture,
            info: capture,
            warn: capture,
            error: capture,
            flush: { role: "flush", style: "promise", boundMillis: 120_000 },
          },
        },
      },
    },
    {
      specifiers: ["@logtail/winston"],
      exports: {
        LogtailTransport: {
          kind: "class",
          construct: "create",
          part: "transport",
          buffering: "batch",
          members: {},
        },
      },
    },
  ],
};
