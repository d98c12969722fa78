import { ruleOfChecks, type Check } from "../src/program/rule-of-checks.js";
import { lateEnvironments } from "../src/loading/environment.js";
import { lateStarts } from "../src/loading/late.js";

const lateStart: Check = {
  id: "late-start",
  summary: "What should be patched is loaded before the instrumentation.",
  strict: false,
  find: lateStarts,
  message: ({ names: [name, modules] }) =>
    `${modules ?? ""} is loaded before ${name ?? "the SDK"} starts here, so it is never patched and its spans are missing; start ${name ?? "it"} in a file that is imported first, or preload it.`,
};

const lateEnvironment: Check = {
  id: "late-environment",
  summary: "The file of environment variables is read after the SDK that needs them has started.",
  strict: false,
  find: lateEnvironments,
  message: ({ names: [name] }) =>
    `${name ?? "The SDK"} has started before these variables are read, so it runs without them; read them first, or let Node do it by \`--env-file\`.`,
};

/** Something is loaded before what must patch or configure it. */
export const instrumentFirst = ruleOfChecks(
  {
    name: "instrument-first",
    level: "error",
    summary: "Something is loaded before what must patch or configure it.",
    recommended: true,
  },
  [lateStart, lateEnvironment],
);
