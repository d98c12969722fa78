/**
 * Google Cloud Error Reporting: each report is one request whose end only its callback tells.
 *
 * Read in @google-cloud/error-reporting 3.0.6; not run.
 */
import type { Vendor } from "../schema.js";

export const errorReporting: Vendor = {
  name: "Google Error Reporting",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: false,
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
