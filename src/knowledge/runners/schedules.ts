/** Timers and schedules: what becomes of the rejection of a callback. */
import type { RunnerFacts } from "../schema.js";

export const schedules: RunnerFacts[] = [
  {
    name: "setInterval",
    kind: "schedule",
    modules: [""],
    make: "setInterval",
    construct: false,
    failure: "rejects",
    handlers: [{ arguments: [0] }],
    hooks: [],
  },
];
