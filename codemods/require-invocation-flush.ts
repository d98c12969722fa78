import { repairsOfChecks } from "./edit/repair.js";
import { repairBatching } from "./invocation/batching.js";
import { repairClobbered } from "./invocation/clobbered.js";
import { repairClosed } from "./invocation/closed.js";
import { repairFloating } from "./invocation/floating.js";
import { repairSuccessOnly } from "./invocation/success-only.js";
import { repairUnflushed } from "./invocation/unflushed.js";

/** Lets what an invocation has recorded leave before the platform stops it, in the platform's own way. */
export const repairRequireInvocationFlush = repairsOfChecks({
  batching: repairBatching,
  clobbered: repairClobbered,
  "closed-per-invocation": repairClosed,
  "floating-flush": repairFloating,
  "success-only": repairSuccessOnly,
  unflushed: repairUnflushed,
});
