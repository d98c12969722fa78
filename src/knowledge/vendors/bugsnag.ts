/**
 * Bugsnag's notifier for Node.js. There is no flush: only the callback of `notify` tells that an event was delivered.
 *
 * Read in @bugsnag/js and @bugsnag/node 9.0.0 and bugsnag 2.4.3. Measured: `notify` and an exit lose the event; a natural end
 * and an uncaught error deliver; with a silent server the crashed process does not end. Its listeners are prepended: an uncaught
 * error is sent, then the process exits with 1, whoever else listens; an unhandled rejection is sent and the process goes on
 * (the old package exits after either).
 */
import type { CallFacts, ExportFacts, Vendor } from "../schema.js";

const notify: CallFacts = { role: "capture", style: "callback", callback: { argument: 2 } };
const session: CallFacts = { role: "capture", style: "fire-and-forget" };

const exported: Record<string, ExportFacts> = {
  start: { kind: "function", role: "start", style: "sync", returns: "Client" },
  createClient: { kind: "function", role: "start", style: "sync", returns: "Client" },
  notify: { kind: "function", ...notify },
  startSession: { kind: "function", ...session },
  Client: { kind: "class", construct: "start", part: "client", members: { notify, startSession: session } },
};

export const bugsnag: Vendor = {
  name: "Bugsnag",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: true,
  packages: [
    {
      specifiers: ["@bugsnag/js", "@bugsnag/node"],
      endings: [
        { event: "uncaughtException", exits: true },
        { event: "unhandledRejection", exits: false },
      ],
      exports: exported,
    },
    {
      specifiers: ["bugsnag"],
      endings: [
        { event: "uncaughtException", exits: true },
        { event: "unhandledRejection", exits: true },
      ],
      exports: {
        register: { kind: "function", role: "start", style: "sync" },
        notify: { kind: "function", ...notify },
        startSession: { kind: "function", ...session },
      },
    },
  ],
};
