import { repairConcreteUse } from "./chain/concrete/concrete-use.js";
import { repairGlobalProvider } from "./chain/providers/global-provider.js";
import { repairLaterLink } from "./chain/results/later-link.js";
import { repairNewTarget } from "./chain/identity/new-target.js";
import { repairOwnProperties } from "./chain/identity/own-properties.js";
import { repairPrivateFields } from "./chain/identity/private-fields.js";
import { repairPromiseSubclass } from "./chain/results/promise-subclass.js";
import { repairPrototype } from "./chain/identity/prototype.js";
import { repairRemovedMember } from "./chain/providers/removed-member.js";
import { repairResponse } from "./chain/results/response.js";
import { repairStandIn } from "./chain/identity/stand-in.js";
import { repairsOfChecks } from "./edit/repair.js";

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
