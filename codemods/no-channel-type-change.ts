import { repairConcreteUse } from "./chain/concrete-use.js";
import { repairGlobalProvider } from "./chain/global-provider.js";
import { repairLaterLink } from "./chain/later-link.js";
import { repairNewTarget } from "./chain/new-target.js";
import { repairOwnProperties } from "./chain/own-properties.js";
import { repairPrivateFields } from "./chain/private-fields.js";
import { repairPromiseSubclass } from "./chain/promise-subclass.js";
import { repairPrototype } from "./chain/prototype.js";
import { repairRemovedMember } from "./chain/removed-member.js";
import { repairResponse } from "./chain/response.js";
import { repairStandIn } from "./chain/stand-in.js";
import { repairsOfChecks } from "./chain/repair.js";

/** The repair of each check of the rule. */
export const repairNoChannelTypeChange = repairsOfChecks({
  "concrete-use": repairConcreteUse,
  "global-provider": repairGlobalProvider,
  "later-link": repairLaterLink,
  "new-target": repairNewTarget,
  "own-properties": repairOwnProperties,
  "private-fields": repairPrivateFields,
  "promise-subclass": repairPromiseSubclass,
  prototype: repairPrototype,
  "removed-member": repairRemovedMember,
  response: repairResponse,
  "stand-in": repairStandIn,
});
