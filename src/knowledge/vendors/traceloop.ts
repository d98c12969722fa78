/**
 * Traceloop (OpenLLMetry): tracing of language models on its own OpenTelemetry provider. There is no shutdown.
 *
 * Read in @traceloop/node-server-sdk 0.27.0. Measured: a natural end loses spans, an awaited `forceFlush` delivers.
 */
import type { Vendor } from "../schema.js";

export const traceloop: Vendor = {
  name: "Traceloop",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@traceloop/node-server-sdk"],
      exports: {
        initialize: { kind: "function", role: "start", style: "sync" },
        forceFlush: { kind: "function", role: "flush", style: "promise", rejects: true },
      },
    },
  ],
};
