import { repairsOfChecks } from "./edit/repair.js";
import { repairAwaited } from "./processors/awaited.js";
import { repairEndpoint } from "./processors/endpoint.js";
import { repairReaderShutdown } from "./processors/reader-shutdown.js";
import { repairSentTwice } from "./processors/sent-twice.js";
import { repairSimple } from "./processors/simple.js";
import { repairSizes } from "./processors/sizes.js";
import { repairStartedTwice } from "./processors/started-twice.js";
import { repairTiming } from "./processors/timing.js";
import { repairWrongLink } from "./processors/wrong-link.js";
import { repairWrongVariable } from "./processors/wrong-variable.js";
import { repairVersions } from "./versions/ranges.js";

/** The repair of each check of the rule about settings of processors, readers and exporters. */
export const repairSafeProcessorConfig = repairsOfChecks({
  "awaited-on-request": repairAwaited,
  endpoint: repairEndpoint,
  "reader-shutdown": repairReaderShutdown,
  "sent-twice": repairSentTwice,
  "simple-processor": repairSimple,
  sizes: repairSizes,
  "started-twice": repairStartedTwice,
  timing: repairTiming,
  versions: repairVersions,
  "wrong-link": repairWrongLink,
  "wrong-variable": repairWrongVariable,
});
