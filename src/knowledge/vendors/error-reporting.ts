/**
 * Google Cloud Error Reporting: each report is one request whose end only its callback tells.
 *
 * Read in @google-cloud/error-reporting 3.0.6. Run: an uncaught error is not heard, a rejection only with its option, and then the
 * process goes on.
 */
import type { Vendor } from "../schema.js";

export const errorReporting: Vendor = {
  name: "Google Error Reporting",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: false,
  crash: {
    reporter: true,
    hears: [],
    options: [
      { argument: 0, property: "reportUnhandledRejections", events: ["unhandledRejection"], on: true },
    ],
    hooks: [
      { runner: "express app", path: "ErrorReporting.express", ordered: true },
      { runner: "hapi server", path: "ErrorReporting.hapi" },
      { runner: "koa app", path: "ErrorReporting.koa" },
      { runner: "koa app", path: "ErrorReporting.koa2" },
      { runner: "restify server", path: "ErrorReporting.restify" },
    ],
    tell: "$.report(%)",
  },
  packages: [
    {
      specifiers: ["@google-cloud/error-reporting"],
      exports: {
        ErrorReporting: {
          kind: "class",
          construct: "start",
          part: "client",
          members: { report: { role: "capture", style: "callback", callback: { argument: 3 } } },
        },
      },
    },
  ],
};
