/**
 * prom-client's push gateway. A pushed group is one request; metrics that are scraped (pull) leave nothing to flush.
 *
 * Read in prom-client 15.1.3. Measured: a push that is not awaited before an exit is lost; it rejects when the gateway is down.
 * It has no time limit of its own; the default agent of Node 20 gives a silent gateway 5 s. No event of the process is listened
 * to.
 */
import type { CallFacts, Vendor } from "../schema.js";

const push: CallFacts = { role: "capture", style: "promise", rejects: true };

export const promClient: Vendor = {
  name: "prom-client",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: false,
  packages: [
    {
      specifiers: ["prom-client"],
      exports: {
        Pushgateway: { kind: "class", construct: "create", part: "client", members: { push, pushAdd: push } },
      },
    },
  ],
};
