import type { Repair } from "../src/finding.js";
import type { Project } from "../src/program/project.js";
import type { Report } from "../src/program/view.js";
import { repairNoCompetingShutdown } from "./no-competing-shutdown.js";
import { repairNoExitBeforeFlush } from "./no-exit-before-flush.js";
import { repairNoFloatingFlush } from "./no-floating-flush.js";
import { repairNoInitTimeShutdown } from "./no-init-time-shutdown.js";
import { repairRequireCrashCapture } from "./require-crash-capture.js";
import { repairRequireShutdown } from "./require-shutdown.js";
import { repairRequireShutdownDeadline } from "./require-shutdown-deadline.js";

/** Works out the repair of one report; undefined when none can be offered. Never decides whether there is a bug. */
export type Codemod = (report: Report, project: Project) => Repair | undefined;

/** The repair of each rule, by the rule's name. */
export const codemods: Record<string, Codemod> = {
  "no-competing-shutdown": repairNoCompetingShutdown,
  "no-exit-before-flush": repairNoExitBeforeFlush,
  "no-floating-flush": repairNoFloatingFlush,
  "no-init-time-shutdown": repairNoInitTimeShutdown,
  "require-crash-capture": repairRequireCrashCapture,
  "require-shutdown": repairRequireShutdown,
  "require-shutdown-deadline": repairRequireShutdownDeadline,
};
