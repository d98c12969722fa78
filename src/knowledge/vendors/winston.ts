/**
 * winston. A logger: its console transport loses nothing; its File transport loses every line at an exit until the logger has
 * been ended, its Http transport even then.
 *
 * Only a transport with `handleExceptions` or `handleRejections` hears of a crash: it logs, waits for the transports up to 3 s, then
 * ends the process with 1, whoever else listens, unless `exitOnError: false`. With the first alone a rejection is heard that nobody
 * else listens for.
 *
 * Read in winston 3.19.0. Measured: File and `process.exit`: 0 of 1000 lines, after `end()` and `finish`: all; Http after `end()` and
 * `finish`: 1 of 5; `close()` is no flush.
 */
import type { ExportFacts, Vendor } from "../schema.js";

const file: ExportFacts = {
  kind: "class",
  construct: "create",
  part: "transport",
  buffering: "batch",
  members: {},
};
const http: ExportFacts = {
  kind: "class",
  construct: "create",
  part: "transport",
  buffering: "immediate",
  members: {},
};
const console: ExportFacts = {
  kind: "class",
  construct: "create",
  part: "transport",
  buffering: "none",
  members: {},
};

export const winston: Vendor = {
  name: "winston",
  ambient: false,
  buffering: "none",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["winston"],
      exports: {
        createLogger: { kind: "function", role: "create", style: "sync", returns: "Logger" },
        "transports.File": file,
        "transports.Http": http,
        "transports.Console": console,
        Logger: {
          kind: "class",
          construct: "create",
          part: "logger",
          members: {
            child: { type: "Logger", call: true },
            end: {
              role: "close",
              style: "event",
              event: "finish",
              awaitable: 'new Promise((resolve) => { $.once("finish", resolve); $.end(); })',
            },
            close: { role: "drop", style: "sync" },
          },
        },
      },
    },
  ],
};
