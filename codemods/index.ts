import type { Refusal, Repair } from "../src/finding.js";
import type { Project } from "../src/program/project.js";
import type { Report, RunReport } from "../src/program/view.js";
import { repairDeliverSignals } from "./deliver-signals.js";
import { repairInstrumentFirst } from "./instrument-first.js";
import { repairNoBrokenInterceptor } from "./no-broken-interceptor.js";
import { repairNoChannelTypeChange } from "./no-channel-type-change.js";
import { repairNoCompetingShutdown } from "./no-competing-shutdown.js";
import { repairNoDroppedInterceptor } from "./no-dropped-interceptor.js";
import { repairNoExitBeforeFlush } from "./no-exit-before-flush.js";
import { repairNoFloatingFlush } from "./no-floating-flush.js";
import { repairNoInitTimeShutdown } from "./no-init-time-shutdown.js";
import { repairNoStartupLoss } from "./no-startup-loss.js";
import { repairRequireCrashCapture } from "./require-crash-capture.js";
import { repairRequireInvocationFlush } from "./require-invocation-flush.js";
import { repairRequireShutdown } from "./require-shutdown.js";
import { repairRequireShutdownDeadline } from "./require-shutdown-deadline.js";
import { repairSafeProcessorConfig } from "./safe-processor-config.js";

/** Works out the repair of one report, or says why there is none; undefined when none is known. Never decides whether there is a bug. */
export type Codemod = (report: Report, project: Project) => Repair | Refusal | undefined;

/** The repair of each rule, by the rule's name. */
export const codemods: Record<string, Codemod> = {
  "deliver-signals": repairDeliverSignals,
  "instrument-first": repairInstrumentFirst,
  "no-broken-interceptor": repairNoBrokenInterceptor,
  "no-channel-type-change": repairNoChannelTypeChange,
  "no-competing-shutdown": ofRun(repairNoCompetingShutdown),
  "no-dropped-interceptor": repairNoDroppedInterceptor,
  "no-exit-before-flush": ofRun(repairNoExitBeforeFlush),
  "no-floating-flush": ofRun(repairNoFloatingFlush),
  "no-init-time-shutdown": ofRun(repairNoInitTimeShutdown),
  "no-startup-loss": repairNoStartupLoss,
  "require-crash-capture": ofRun(repairRequireCrashCapture),
  "require-invocation-flush": repairRequireInvocationFlush,
  "require-shutdown": ofRun(repairRequireShutdown),
  "require-shutdown-deadline": ofRun(repairRequireShutdownDeadline),
  "safe-processor-config": repairSafeProcessorConfig,
};

/** A repair that needs to know what the program was seen to do. */
function ofRun(repair: (report: RunReport, project: Project) => Repair | undefined): Codemod {
  return (report, project) => (isOfRun(report) ? repair(report, project) : undefined);
}

const isOfRun = (report: Report): report is RunReport => "hit" in report;
