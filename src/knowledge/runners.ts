/** Everything that runs functions of a program and deals with their failures itself. */
import { emitters } from "./runners/emitters.js";
import { queues } from "./runners/queues.js";
import { schedules } from "./runners/schedules.js";
import { threads } from "./runners/threads.js";
import { web } from "./runners/web.js";
import type { RunnerFacts } from "./schema.js";

export const runners: RunnerFacts[] = [...queues, ...schedules, ...threads, ...emitters, ...web];
