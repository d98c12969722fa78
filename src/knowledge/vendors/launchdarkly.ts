/**
 * LaunchDarkly's server SDK, under its present and its old name.
 *
 * Read in @launchdarkly/node-server-sdk 9.13.7 and launchdarkly-node-server-sdk 7.0.4. Measured: `close()` drops what is buffered,
 * `flush()` before it delivers; without `close()` the process does not end.
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };

const client: ExportFacts = {
  kind: "class",
  construct: "start",
  typeOnly: true,
  part: "client",
  members: {
    track: capture,
    identify: capture,
    flush: { role: "flush", style: "promise-or-callback", callback: { argument: 0 }, rejects: true },
    close: { role: "drop", style: "sync" },
  },
};

export const launchdarkly: Vendor = {
  name: "LaunchDarkly",
  ambient: false,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@launchdarkly/node-server-sdk", "launchdarkly-node-server-sdk"],
      exports: {
        init: { kind: "function", role: "start", style: "sync", returns: "LDClient" },
        LDClient: client,
      },
    },
  ],
};
