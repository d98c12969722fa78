import { repairBothLists } from "./chain/both-lists.js";
import { repairCallLevel } from "./chain/call-level.js";
import { repairIgnoredExporter } from "./chain/ignored-exporter.js";
import { repairLostList } from "./chain/lost-list.js";
import { repairOrder } from "./chain/order.js";
import { repairSlot } from "./chain/slot.js";
import { repairsOfChecks } from "./chain/repair.js";

/** The repair of each check of the rule. */
export const repairNoDroppedInterceptor = repairsOfChecks({
  "both-lists": repairBothLists,
  "call-level": repairCallLevel,
  "ignored-exporter": repairIgnoredExporter,
  "lost-list": repairLostList,
  order: repairOrder,
  slot: repairSlot,
});
