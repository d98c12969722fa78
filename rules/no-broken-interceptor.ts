import { ruleOfChecks } from "../src/program/rule-of-checks.js";
import { droppedResult } from "../src/chain/calls/dropped-result.js";
import { earlyPath } from "../src/chain/calls/early-path.js";
import { lifecycle } from "../src/chain/calls/lifecycle.js";
import { lostArguments } from "../src/chain/calls/lost-arguments.js";
import { nextNotAwaited } from "../src/chain/calls/next-not-awaited.js";
import { nextNotCalled } from "../src/chain/calls/next-not-called.js";
import { notForwarded } from "../src/chain/calls/not-forwarded.js";
import { resultKind } from "../src/chain/calls/result-kind.js";
import { tapEndsSpan } from "../src/chain/calls/tap-ends-span.js";

/** A link of a chain does not forward a call, a result or the lifecycle of what it wraps. */
export const noBrokenInterceptor = ruleOfChecks(
  {
    name: "no-broken-interceptor",
    level: "error",
    summary: "A link of a chain does not forward a call, a result or the lifecycle of what it wraps.",
    recommended: true,
  },
  [
    droppedResult,
    earlyPath,
    lostArguments,
    nextNotCalled,
    nextNotAwaited,
    tapEndsSpan,
    notForwarded,
    lifecycle,
    resultKind,
  ],
);
