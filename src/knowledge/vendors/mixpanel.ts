/**
 * Mixpanel for Node.js: no queue and no flush, each call is one request whose end only its callback tells.
 *
 * Read in mixpanel 0.24.0.
 */
import type { CallFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "callback", callback: { argument: 2 } };

export const mixpanel: Vendor = {
  name: "Mixpanel",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["mixpanel"],
      exports: {
        init: { kind: "function", role: "start", style: "sync", returns: "Mixpanel" },
        Mixpanel: {
          kind: "class",
          construct: "start",
          typeOnly: true,
          part: "client",
          members: { track: capture, track_batch: capture, import_batch: capture, alias: capture },
        },
      },
    },
  ],
};
