import { repairsOfChecks } from "./edit/repair.js";
import { nativeSidecar } from "./deployment/sidecar.js";
import { waitForCollector } from "./startup/depends-on.js";
import { setFirst } from "./startup/endpoint.js";
import { startFirst } from "./startup/meter.js";
import { usualQueue } from "./startup/queue.js";
import { listenToOthers } from "./startup/receiver.js";
import { retry } from "./startup/retry.js";
import { waitForStart } from "./startup/started.js";
import { defaultTimeout } from "./startup/timeout.js";

/** Lets a program send again what a collector refused that was not ready, and start before what needs it. */
export const repairNoStartupLoss = repairsOfChecks({
  sidecar: nativeSidecar,
  "no-retry": retry,
  "timeout-below-retry": defaultTimeout,
  "late-collector": waitForCollector,
  "no-health-check": waitForStart,
  "unreachable-collector": listenToOthers,
  "small-queue": usualQueue,
  "early-meter": startFirst,
  "late-endpoint": setFirst,
});
