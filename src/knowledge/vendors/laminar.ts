/**
 * Laminar: tracing of language models on its own OpenTelemetry provider, a static class.
 *
 * Read in @lmnr-ai/lmnr 0.8.46. Its only `exit` listener is for helper processes. Measured with 0.8.44: a natural end and an
 * exit lose spans, `flush` and `shutdown` deliver; they reject when the server is down, after 30 s when it is silent.
 */
import type { Vendor } from "../schema.js";

export const laminar: Vendor = {
  name: "Laminar",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@lmnr-ai/lmnr"],
      exports: {
        "Laminar.initialize": { kind: "function", role: "start", style: "sync" },
        "Laminar.flush": {
          kind: "function",
          role: "flush",
          style: "promise",
          rejects: true,
          boundMillis: 30_000,
        },
        "Laminar.shutdown": {
          kind: "function",
          role: "close",
          style: "promise",
          rejects: true,
          boundMillis: 30_000,
        },
        "Laminar.event": { kind: "function", role: "capture", style: "fire-and-forget" },
      },
    },
  ],
};
