import { repairDroppedResult } from "./chain/dropped-result.js";
import { repairEarlyPath } from "./chain/early-path.js";
import { repairLifecycle } from "./chain/lifecycle.js";
import { repairLostArguments } from "./chain/lost-arguments.js";
import { repairNextNotAwaited } from "./chain/next-not-awaited.js";
import { repairNextNotCalled } from "./chain/next-not-called.js";
import { repairNotForwarded } from "./chain/not-forwarded.js";
import { repairResultKind } from "./chain/result-kind.js";
import { repairTapEndsSpan } from "./chain/tap-ends-span.js";
import { repairsOfChecks } from "./chain/repair.js";

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
