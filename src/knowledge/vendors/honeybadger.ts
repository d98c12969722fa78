/**
 * Honeybadger for Node.js. Errors leave at once, one request each; events of its Insights are batched.
 *
 * Read in @honeybadger-io/js 6.16.5 and 5.4.1. Measured: `notify` and an exit lose the error, with or without `flushAsync`, which waits
 * for events only; `notifyAsync` waits for the error and rejects when it could not be sent. A natural end delivers both. SIGTERM
 * and SIGINT flush events, then exit with 0 while no other listener is there; an uncaught error is sent, then the process exits
 * with 1 while no other listener is there (up to 5 beside one as well), and the same for an unhandled rejection.
 */
import type { CallFacts, CrashFacts, Vendor } from "../schema.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };
const sent: CallFacts = { role: "capture", style: "promise", rejects: true };
const flush: CallFacts = { role: "flush", style: "promise" };

const crash: CrashFacts = {
  reporter: true,
  hears: ["uncaughtException", "unhandledRejection"],
  options: [
    { argument: 0, property: "enableUncaught", events: ["uncaughtException"], off: false },
    { argument: 0, property: "enableUnhandledRejection", events: ["unhandledRejection"], off: false },
  ],
  ends: "alone",
  hooks: [
    { runner: "express app", path: "errorHandler", ordered: true },
    { runner: "connect app", path: "errorHandler", ordered: true },
  ],
  tell: "$.notify(%)",
};

export const honeybadger: Vendor = {
  name: "Honeybadger",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: true,
  crash,
  packages: [
    {
      specifiers: ["@honeybadger-io/js"],
      majors: [
        {
          range: "<6",
          note: "an uncaught error ends the process beside other listeners too",
          crash: { ...crash, ends: "always" },
        },
      ],
      endings: [
        { event: "SIGTERM", exits: true, alone: true },
        { event: "SIGINT", exits: true, alone: true },
        { event: "beforeExit", exits: false },
        { event: "uncaughtException", exits: true, alone: true },
        { event: "unhandledRejection", exits: true, alone: true },
      ],
      exports: {
        configure: { kind: "function", role: "start", style: "sync", returns: "Client" },
        factory: { kind: "function", role: "start", style: "sync", returns: "Client" },
        notify: { kind: "function", ...capture },
        notifyAsync: { kind: "function", ...sent },
        event: { kind: "function", ...capture },
        checkIn: { kind: "function", ...sent },
        flushAsync: { kind: "function", ...flush },
        Client: {
          kind: "class",
          construct: "create",
          typeOnly: true,
          part: "client",
          members: { notify: capture, notifyAsync: sent, event: capture, checkIn: sent, flushAsync: flush },
        },
      },
    },
  ],
};
