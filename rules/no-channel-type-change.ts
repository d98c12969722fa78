import { ruleOfChecks } from "../src/program/rule-of-checks.js";
import { concreteUse } from "../src/chain/concrete-use.js";
import { globalProvider } from "../src/chain/global-provider.js";
import { laterLink } from "../src/chain/later-link.js";
import { newTarget } from "../src/chain/new-target.js";
import { ownProperties } from "../src/chain/own-properties.js";
import { privateFields } from "../src/chain/private-fields.js";
import { promiseSubclass } from "../src/chain/promise-subclass.js";
import { prototype } from "../src/chain/prototype.js";
import { removedMember } from "../src/chain/removed-member.js";
import { response } from "../src/chain/response.js";
import { standIn } from "../src/chain/stand-in.js";

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
