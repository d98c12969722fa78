/**
 * Rollbar's server SDK.
 *
 * Read in rollbar 3.1.0, 2.26.5 and 0.6.6. Measured: an item followed by an exit is lost; `wait` calls back when the queue is empty and has no time
 * limit. Crash capture is opt-in and then keeps the process alive unless `exitOnUncaughtException`, which ends it with 1 even beside
 * another listener; with `captureUncaught` alone a rejection that nobody listens for is heard too. A rejection never ends the
 * process. Of the old way `Rollbar.handleUncaughtExceptions(token, options)` only 0.x registers anything; since 2 it sets options.
 * A natural end delivers.
 */
import type { CallFacts, CrashFacts, ExportFacts, Vendor } from "../schema.js";

/** A function among the arguments, the last one as a rule, is called when the item was answered (read in 3.1.0); few give one. */
const capture: CallFacts = { role: "capture", style: "fire-and-forget", callback: { argument: 4 } };
const wait: CallFacts = {
  role: "flush",
  style: "callback",
  callback: { argument: 0 },
  boundMillis: null,
  awaitable: "new Promise((resolve) => $.wait(() => resolve(undefined)))",
};

const client: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    log: capture,
    debug: capture,
    info: capture,
    warn: capture,
    warning: capture,
    error: capture,
    critical: capture,
    captureEvent: capture,
    wait,
  },
};

const crash: CrashFacts = {
  reporter: true,
  hears: [],
  options: [
    {
      argument: 0,
      property: "captureUncaught",
      events: ["uncaughtException", "unhandledRejection"],
      on: true,
    },
    {
      argument: 0,
      property: "handleUncaughtExceptions",
      events: ["uncaughtException", "unhandledRejection"],
      on: true,
    },
    { argument: 0, property: "captureUnhandledRejections", events: ["unhandledRejection"], on: true },
    { argument: 0, property: "handleUnhandledRejections", events: ["unhandledRejection"], on: true },
  ],
  ends: "never",
  endsWith: { argument: 0, property: "exitOnUncaughtException" },
  hooks: [
    { runner: "express app", path: "errorHandler", ordered: true },
    { runner: "connect app", path: "errorHandler", ordered: true },
  ],
  tell: "$.error(%)",
};

export const rollbar: Vendor = {
  name: "Rollbar",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: false,
  crash,
  packages: [
    {
      specifiers: ["rollbar"],
      exports: {
        default: client,
        init: { kind: "function", role: "start", style: "sync", returns: "default" },
        log: { kind: "function", ...capture },
        debug: { kind: "function", ...capture },
        info: { kind: "function", ...capture },
        warn: { kind: "function", ...capture },
        warning: { kind: "function", ...capture },
        error: { kind: "function", ...capture },
        critical: { kind: "function", ...capture },
        wait: { kind: "function", ...wait },
      },
    },
  ],
};
