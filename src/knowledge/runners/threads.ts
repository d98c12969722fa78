/**
 * Threads and processes: who is told when one of them fails.
 *
 * Documentation of `worker_threads`, `child_process` and `cluster`, run with Node.js 20: an uncaught error in a thread is the
 * event `error` of its `Worker`, and without a listener for it an uncaught exception of the process that made it;
 * `process.exit(1)` in a thread is the event `exit` only. A child that crashes ends with code 1, and its parent hears of that
 * by `exit`, `close` or `disconnect` alone.
 */
import type { RunnerFacts, RunnerHook } from "../schema.js";

const ended: RunnerHook[] = [
  { as: "event", name: "exit", error: 0 },
  { as: "event", name: "close", error: 0 },
  { as: "event", name: "disconnect", error: 0 },
];

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
  {
    name: "child process",
    kind: "process",
    modules: ["child_process", "node:child_process"],
    make: "fork",
    construct: false,
    failure: "silent",
    handlers: [],
    hooks: ended,
  },
  {
    name: "cluster worker",
    kind: "process",
    modules: ["cluster", "node:cluster"],
    make: "fork",
    construct: false,
    failure: "silent",
    handlers: [],
    hooks: ended,
  },
];
