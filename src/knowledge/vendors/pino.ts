/**
 * pino. A logger: what it was given is written at once or, by asynchronous destinations and transports, by its own exit hook.
 *
 * Read in pino 10.4.0. Measured: stdout, an asynchronous destination whose file is open, and transports deliver every line at an
 * exit and at an uncaught error; only a signal without a listener, or an exit before the file is open, loses lines. `flush` tells
 * its end through a callback only. `pino.final` is gone since 7.
 */
import type { Vendor } from "../schema.js";

export const pino: Vendor = {
  name: "pino",
  ambient: false,
  buffering: "none",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["pino"],
      exports: {
        default: { kind: "function", role: "create", style: "sync", returns: "Logger" },
        pino: { kind: "function", role: "create", style: "sync", returns: "Logger" },
        transport: { kind: "function", role: "create", style: "sync", returns: "Transport" },
        destination: { kind: "function", role: "create", style: "sync", returns: "Destination" },
        Logger: {
          kind: "class",
          construct: "create",
          typeOnly: true,
          part: "logger",
          members: {
            child: { type: "Logger", call: true },
            flush: {
              role: "flush",
              style: "callback",
              callback: { argument: 0 },
              awaitable: "new Promise((resolve) => $.flush(resolve))",
            },
          },
        },
        Destination: {
          kind: "class",
          construct: "create",
          typeOnly: true,
          part: "transport",
          members: {
            flush: {
              role: "flush",
              style: "callback",
              callback: { argument: 0 },
              awaitable: "new Promise((resolve) => $.flush(resolve))",
            },
            flushSync: { role: "flush", style: "sync" },
            end: {
              role: "close",
              style: "event",
              event: "close",
              awaitable: 'new Promise((resolve) => { $.once("close", resolve); $.end(); })',
            },
            destroy: { role: "drop", style: "sync" },
          },
        },
        Transport: {
          kind: "class",
          construct: "create",
          typeOnly: true,
          part: "transport",
          members: {
            flushSync: { role: "flush", style: "sync" },
            end: {
              role: "close",
              style: "event",
              event: "close",
              awaitable: 'new Promise((resolve) => { $.once("close", resolve); $.end(); })',
            },
          },
        },
      },
    },
  ],
};
