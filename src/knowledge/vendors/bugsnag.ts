/**
 * Bugsnag's notifier for Node.js. There is no flush: only the callback of `notify` tells that an event was delivered.
 *
 * Read in @bugsnag/js and @bugsnag/node 9.0.0 and 7.25.0, and bugsnag 2.4.3. Measured: `notify` and an exit lose the event; a natural end
 * and an uncaught error deliver; with a silent server the crashed process does not end. Its listeners are prepended: an uncaught
 * error is sent, then the process exits with 1, whoever else listens; an unhandled rejection is sent and the process goes on
 * (the old package exits after either). A function as `onUncaughtException` runs in the place of the end. With
 * `unhandledRejections: false` alone a rejection is heard as the uncaught exception that Node makes of it.
 */
import type { CallFacts, CrashFacts, ExportFacts, Vendor } from "../schema.js";

const notify: CallFacts = { role: "capture", style: "callback", callback: { argument: 2 } };
const session: CallFacts = { role: "capture", style: "fire-and-forget" };

const exported: Record<string, ExportFacts> = {
  start: { kind: "function", role: "start", style: "sync", returns: "Client" },
  createClient: { kind: "function", role: "start", style: "sync", returns: "Client" },
  notify: { kind: "function", ...notify },
  startSession: { kind: "function", ...session },
  Client: { kind: "class", construct: "start", part: "client", members: { notify, startSession: session } },
};

/** `start("key")` or `start({ ... })`; the plugins are packages of their own that the client hands out. */
const crash: CrashFacts = {
  reporter: true,
  hears: ["uncaughtException", "unhandledRejection"],
  options: [
    {
      argument: 0,
      property: "autoDetectErrors",
      events: ["uncaughtException", "unhandledRejection"],
      off: false,
    },
    {
      argument: 0,
      property: "enabledErrorTypes.unhandledExceptions",
      events: ["uncaughtException"],
      off: false,
    },
  ],
  ends: "always",
  hooks: [
    { runner: "express app", path: "getPlugin", ordered: true },
    { runner: "koa app", path: "getPlugin" },
    { runner: "restify server", path: "getPlugin" },
    { runner: "hono app", path: "getPlugin" },
  ],
  tell: "$.notify(%)",
};

const crash2: CrashFacts = {
  reporter: true,
  hears: ["uncaughtException", "unhandledRejection"],
  options: [
    {
      argument: 1,
      property: "autoNotify",
      events: ["uncaughtException", "unhandledRejection"],
      off: false,
    },
  ],
  ends: "always",
  hooks: [{ runner: "express app", path: "errorHandler", ordered: true }],
  tell: "$.notify(%)",
};

export const bugsnag: Vendor = {
  name: "Bugsnag",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: true,
  crash,
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
      crash: crash2,
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
