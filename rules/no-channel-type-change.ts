import { ruleOfChecks } from "../src/program/rule-of-checks.js";
import { concreteUse } from "../src/chain/concrete/concrete-use.js";
import { globalProvider } from "../src/chain/providers/global-provider.js";
import { laterLink } from "../src/chain/results/later-link.js";
import { newTarget } from "../src/chain/identity/new-target.js";
import { ownProperties } from "../src/chain/identity/own-properties.js";
import { privateFields } from "../src/chain/identity/private-fields.js";
import { promiseSubclass } from "../src/chain/results/promise-subclass.js";
import { prototype } from "../src/chain/identity/prototype.js";
import { removedMember } from "../src/chain/providers/removed-member.js";
import { response } from "../src/chain/results/response.js";
import { standIn } from "../src/chain/identity/stand-in.js";

/** A link of a chain hands back something else than what it wraps, and a use relies on the difference. */
export const noChannelTypeChange = ruleOfChecks(
  {
    name: "no-channel-type-change",
    level: "error",
    summary:
      "A link of a chain hands back something else than what it wraps, and a use relies on the difference.",
    recommended: true,
  },
  [
    globalProvider,
    removedMember,
    concreteUse,
    promiseSubclass,
    response,
    laterLink,
    newTarget,
    privateFields,
    prototype,
    ownProperties,
    standIn,
  ],
);
