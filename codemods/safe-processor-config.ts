import { repairsOfChecks } from "./chain/repair.js";
import { repairEndpoint } from "./processors/endpoint.js";
import { repairSizes } from "./processors/sizes.js";
import { repairTiming } from "./processors/timing.js";

/** The repair of each check of the rule about settings of processors, readers and exporters. */
export const repairSafeProcessorConfig = repairsOfChecks({
  endpoint: repairEndpoint,
  sizes: repairSizes,
  timing: repairTiming,
});
