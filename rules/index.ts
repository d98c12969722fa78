import type { Rule } from "../src/program/view.js";
import { noExitBeforeFlush } from "./no-exit-before-flush.js";
import { noInitTimeShutdown } from "./no-init-time-shutdown.js";

/** Every rule, in the order of the table in the README. */
export const rules: Rule[] = [noInitTimeShutdown, noExitBeforeFlush];
