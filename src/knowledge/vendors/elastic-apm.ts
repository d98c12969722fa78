/**
 * Elastic APM's agent (its OpenTelemetry distribution is in opentelemetry-distributions.ts).
 *
 * Read in elastic-apm-node 4.18.0 and 3.52.2. Measured: an error followed by an exit is lost unless its callback or `flush` was waited for;
 * `flush` resolves within 1 s even when the server is down or silent; `destroy` discards what is in flight; a natural end, an
 * uncaught error and an unhandled rejection deliver. An uncaught error is sent and the process exits with 1, whoever else
 * listens; on AWS Lambda nothing happens at `beforeExit`. A rejection is heard as the uncaught exception that Node makes of one that
 * nobody listens for. Errors of express, connect, fastify, hapi and restify are captured by instrumentation.
 */
import type { Vendor } from "../schema.js";

export const elasticApm: Vendor = {
  name: "Elastic APM",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: true,
  capturesCrashes: true,
  crash: {
    reporter: false,
    hears: ["uncaughtException", "unhandledRejection"],
    rejectionsAsUncaught: true,
    options: [
      {
        argument: 0,
        property: "captureExceptions",
        events: ["uncaughtException", "unhandledRejection"],
        off: false,
      },
    ],
    ends: "always",
    endsInstead: { call: "handleUncaughtExceptions", argument: 0 },
    runners: ["express app", "connect app", "fastify app", "hapi server", "restify server"],
    tell: "$.captureError(%)",
  },
  packages: [
    {
      specifiers: ["elastic-apm-node"],
      endings: [
        { event: "beforeExit", exits: false },
        { event: "uncaughtException", exits: true },
      ],
      exports: {
        start: { kind: "function", role: "start", style: "sync", returns: "Agent" },
        flush: { kind: "function", role: "flush", style: "promise-or-callback", callback: { argument: 0 } },
        destroy: { kind: "function", role: "drop", style: "promise" },
        captureError: { kind: "function", role: "capture", style: "callback", callback: { argument: 2 } },
        Agent: {
          kind: "class",
          construct: "create",
          typeOnly: true,
          part: "sdk",
          members: {
            start: { role: "start", style: "sync", returns: "Agent" },
            flush: {
              role: "flush",
              style: "promise-or-callback",
              callback: { argument: 0 },
              boundMillis: 1000,
            },
            destroy: { role: "drop", style: "promise" },
            captureError: { role: "capture", style: "callback", callback: { argument: 2 } },
          },
        },
      },
    },
    {
      specifiers: ["elastic-apm-node/start", "elastic-apm-node/start.js", "elastic-apm-node/start-next.js"],
      startsOnImport: true,
      endings: [
        { event: "beforeExit", exits: false },
        { event: "uncaughtException", exits: true },
      ],
      exports: {},
    },
  ],
};
