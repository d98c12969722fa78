/** Consumers of queues and brokers: what becomes of the failure of a job, and who is told. */
import type { RunnerFacts } from "../schema.js";

const queue = { kind: "queue" } as const;

const failed = { as: "event", name: "failed", error: 1 } as const;

const agenda = {
  ...queue,
  name: "Agenda",
  modules: ["agenda", "@hokify/agenda"],
  construct: true,
  failure: "kept",
  handlers: [{ method: "define", arguments: "rest" }],
  hooks: [
    { as: "event", name: "fail", error: 0 },
    { as: "event", name: "fail:*", error: 0 },
  ],
} satisfies Partial<RunnerFacts>;

export const queues: RunnerFacts[] = [
  {
    ...queue,
    name: "BullMQ worker",
    modules: ["bullmq"],
    make: "Worker",
    construct: true,
    failure: "kept",
    handlers: [{ arguments: [1] }],
    hooks: [failed],
  },
  {
    ...queue,
    name: "Bull queue",
    modules: ["bull"],
    make: "default",
    construct: true,
    failure: "kept",
    handlers: [{ method: "process", arguments: "rest" }],
    hooks: [failed, { as: "event", name: "global:failed", error: 1 }],
  },
  { ...agenda, make: "Agenda" },
  { ...agenda, make: "default" },
];
