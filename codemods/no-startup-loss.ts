import { repairsOfChecks } from "./chain/repair.js";
import { nativeSidecar } from "./deployment/sidecar.js";
import { waitForCollector } from "./startup/depends-on.js";
import { startFirst } from "./startup/meter.js";
import { retry } from "./startup/retry.js";
import { defaultTimeout } from "./startup/timeout.js";

/** Lets a program send again what a collector refused that was not ready, and start before what needs it. */
export const repairNoStartupLoss = repairsOfChecks({
  sidecar: nativeSidecar,
  "no-retry": retry,
  "timeout-below-retry": defaultTimeout,
  "late-collector": waitForCollector,
  "early-meter": startFirst,
});
