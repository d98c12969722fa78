import type { Rule } from "../src/program/view.js";
import { deliverSignals } from "./deliver-signals.js";
import { instrumentFirst } from "./instrument-first.js";
import { noBrokenInterceptor } from "./no-broken-interceptor.js";
import { noChannelTypeChange } from "./no-channel-type-change.js";
import { noCompetingShutdown } from "./no-competing-shutdown.js";
import { noDroppedInterceptor } from "./no-dropped-interceptor.js";
import { noExitBeforeFlush } from "./no-exit-before-flush.js";
import { noFloatingFlush } from "./no-floating-flush.js";
import { noInitTimeShutdown } from "./no-init-time-shutdown.js";
import { noStartupLoss } from "./no-startup-loss.js";
import { requireCrashCapture } from "./require-crash-capture.js";
import { requireInvocationFlush } from "./require-invocation-flush.js";
import { requireShutdown } from "./require-shutdown.js";
import { requireShutdownDeadline } from "./require-shutdown-deadline.js";
import { safeProcessorConfig } from "./safe-processor-config.js";

/** Every rule, in the order of the table in the README. */
export const rules: Rule[] = [
  noInitTimeShutdown,
  noExitBeforeFlush,
  requireShutdown,
  noFloatingFlush,
  noCompetingShutdown,
  requireShutdownDeadline,
  requireCrashCapture,
  noChannelTypeChange,
  noBrokenInterceptor,
  noDroppedInterceptor,
  instrumentFirst,
  noStartupLoss,
  safeProcessorConfig,
  requireInvocationFlush,
  deliverSignals,
];
