import { repairDroppedResult } from "./chain/calls/dropped-result.js";
import { repairEarlyPath } from "./chain/calls/early-path.js";
import { repairLifecycle } from "./chain/calls/lifecycle.js";
import { repairLostArguments } from "./chain/calls/lost-arguments.js";
import { repairNextNotAwaited } from "./chain/calls/next-not-awaited.js";
import { repairNextNotCalled } from "./chain/calls/next-not-called.js";
import { repairNotForwarded } from "./chain/calls/not-forwarded.js";
import { repairResultKind } from "./chain/calls/result-kind.js";
import { repairTapEndsSpan } from "./chain/calls/tap-ends-span.js";
import { repairsOfChecks } from "./edit/repair.js";

/** The repair of each check of the rule. */
export const repairNoBrokenInterceptor = repairsOfChecks({
  "dropped-result": repairDroppedResult,
  "early-path": repairEarlyPath,
  lifecycle: repairLifecycle,
  "lost-arguments": repairLostArguments,
  "next-not-awaited": repairNextNotAwaited,
  "next-not-called": repairNextNotCalled,
  "not-forwarded": repairNotForwarded,
  "result-kind": repairResultKind,
  "tap-ends-span": repairTapEndsSpan,
});
