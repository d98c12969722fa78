import { repairBothLists } from "./chain/lists/both-lists.js";
import { repairCallLevel } from "./chain/lists/call-level.js";
import { repairIgnoredExporter } from "./chain/lists/ignored-exporter.js";
import { repairLostList } from "./chain/lists/lost-list.js";
import { repairOrder } from "./chain/lists/order.js";
import { repairSlot } from "./chain/lists/slot.js";
import { repairsOfChecks } from "./edit/repair.js";

/** The repair of each check of the rule. */
export const repairNoDroppedInterceptor = repairsOfChecks({
  "both-lists": repairBothLists,
  "call-level": repairCallLevel,
  "ignored-exporter": repairIgnoredExporter,
  "lost-list": repairLostList,
  order: repairOrder,
  slot: repairSlot,
});
