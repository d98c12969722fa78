/**
 * LogTape. A logger: most sinks write at once; `dispose` waits for the asynchronous ones.
 *
 * Read in @logtape/logtape 2.4.2. An `exit` listener disposes the synchronous sinks.
 */
import type { Vendor } from "../schema.js";

export const logtape: Vendor = {
  name: "LogTape",
  ambient: false,
  buffering: "none",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["@logtape/logtape"],
      exports: {
        configure: { kind: "function", role: "create", style: "promise" },
        configureSync: { kind: "function", role: "create", style: "sync" },
        dispose: { kind: "function", role: "close", style: "promise", rejects: true },
        disposeSync: { kind: "function", role: "close", style: "sync" },
        reset: { kind: "function", role: "close", style: "promise", rejects: true },
      },
    },
  ],
};
