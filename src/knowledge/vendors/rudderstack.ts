/**
 * RudderStack for Node.js.
 *
 * Read in @rudderstack/rudder-sdk-node 3.0.13. Measured: the first event is sent at once, later ones wait for 20 or 10 s on a
 * timer that keeps the process alive; an exit loses them; `flush` rejects when the server is down and has no end when it is
 * silent. There is no close.
 */
import type { CallFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "callback", callback: { argument: 1 } };

export const rudderstack: Vendor = {
  name: "RudderStack",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@rudderstack/rudder-sdk-node"],
      exports: {
        default: {
          kind: "class",
          construct: "start",
          part: "client",
          members: {
            track: capture,
            identify: capture,
            page: capture,
            screen: capture,
            group: capture,
            alias: capture,
            flush: {
              role: "flush",
              style: "promise-or-callback",
              callback: { argument: 0 },
              rejects: true,
              resolves: "object",
              boundMillis: null,
            },
          },
        },
      },
    },
  ],
};
