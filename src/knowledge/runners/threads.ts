/** Threads and processes: who is told when one of them fails. */
import type { RunnerFacts } from "../schema.js";

export const threads: RunnerFacts[] = [
  {
    name: "worker thread",
    kind: "thread",
    modules: ["worker_threads", "node:worker_threads"],
    make: "Worker",
    construct: true,
    failure: "throws",
    handlers: [],
    hooks: [{ as: "event", name: "error", error: 0 }],
  },
];
