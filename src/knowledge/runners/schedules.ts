/**
 * Timers and schedules: what becomes of the rejection of a callback.
 *
 * Run with Node.js 20 and a callback that rejects. Dropped, so that it is an unhandled rejection: `setInterval`, cron 2.4.4 and
 * 3.5.0, croner 6.0.7 and 11.0.1 (without its option `catch`), node-schedule 2.1.1 (it emits `error` on the job, and without a
 * listener that throws in a promise). Kept: node-cron 3.0.3 says nothing at all, node-cron 4.6.0 and cron 4.4.0 print it,
 * toad-scheduler 4.1.0 prints it unless its task is given an error handler.
 */
import type { RunnerFacts, RunnerHook } from "../schema.js";

const schedule = { kind: "schedule", construct: false } as const;

const cron = { ...schedule, name: "cron job", modules: ["cron"] };

const cronJobs = [
  { make: "CronJob", construct: true, handlers: [{ arguments: [1] }] as RunnerFacts["handlers"] },
  {
    make: "CronJob.from",
    construct: false,
    handlers: [{ arguments: [0], properties: ["onTick"] }] as RunnerFacts["handlers"],
  },
];

const croner = {
  ...schedule,
  name: "croner schedule",
  modules: ["croner"],
  construct: true,
  failure: "rejects" as const,
  handlers: [{ arguments: "rest" }] as RunnerFacts["handlers"],
  hooks: [{ as: "option", name: "catch", error: 0 }] as RunnerHook[],
};

export const schedules: RunnerFacts[] = [
  {
    ...schedule,
    name: "setInterval",
    modules: [""],
    make: "setInterval",
    failure: "rejects",
    handlers: [{ arguments: [0] }],
    hooks: [],
  },
  {
    ...schedule,
    name: "node-cron schedule",
    modules: ["node-cron"],
    make: "schedule",
    failure: "kept",
    handlers: [{ arguments: [1] }],
    hooks: [{ as: "event", name: "execution:failed", error: 0 }],
  },
  ...cronJobs.map((job): RunnerFacts => ({ ...cron, ...job, versions: "<4", failure: "rejects", hooks: [] })),
  ...cronJobs.map((job): RunnerFacts => ({
    ...cron,
    ...job,
    versions: ">=4",
    failure: "kept",
    hooks: [{ as: "option", name: "errorHandler", error: 0 }],
  })),
  { ...croner, make: "Cron" },
  { ...croner, make: "default" },
  {
    ...schedule,
    name: "node-schedule job",
    modules: ["node-schedule"],
    make: "scheduleJob",
    failure: "rejects",
    handlers: [{ arguments: "rest" }],
    hooks: [{ as: "event", name: "error", error: 0 }],
  },
  {
    ...schedule,
    name: "toad-scheduler task",
    modules: ["toad-scheduler"],
    make: "AsyncTask",
    construct: true,
    failure: "kept",
    handlers: [{ arguments: [1] }],
    hooks: [{ as: "option", name: "errorHandler", error: 0 }],
  },
];
