import { ruleOfChecks, type Check } from "../src/program/rule-of-checks.js";
import { lateEnvironments } from "../src/loading/environment.js";
import { unhookedModules } from "../src/loading/esm-hook.js";
import { lateStarts } from "../src/loading/late.js";
import { wrongPreloads, type Fault } from "../src/loading/preload.js";

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

const faults: Readonly<Record<Fault, (flag: string, value: string, instead: string) => string>> = {
  missing: (flag, value) =>
    `\`${flag} ${value}\` names a file that is not there, so Node ends before the program starts; name the file that starts telemetry.`,
  undeclared: (flag, value, name) =>
    `\`${flag} ${value}\` names a package that no package.json asks for, so Node ends before the program starts; add \`${name}\` to the dependencies.`,
  idle: (flag, value, instead) =>
    `\`${flag} ${value}\` loads a module that starts nothing by itself, so nothing is traced; name \`${instead}\`.`,
  hook: (flag, value) =>
    `\`${flag} ${value}\` only loads the hook and registers nothing, so ES modules are not patched; use \`--experimental-loader=${value}\`, or \`register()\` it in the file that starts telemetry.`,
  unfound: (flag, value, instead) =>
    `\`${flag}\` does not find \`${value}\`, which is no file of that name, so Node ends before the program starts; name \`${instead}\`.`,
  module: (flag, value) =>
    `\`${flag} ${value}\` names an ES module, which this version of Node cannot require, so it ends before the program starts; use \`--import\`.`,
  behind: (flag, value) =>
    `\`${flag} ${value}\` stands behind the file of the program, which is given it as an argument, so Node never loads it and telemetry is not started; put it in front of the file.`,
};

const preload: Check = {
  id: "preload",
  summary: "A flag that should load telemetry first loads nothing, or stops the program.",
  strict: false,
  find: wrongPreloads,
  message: ({ names: [fault, flag = "", value = "", instead = ""] }) =>
    faults[fault as Fault](flag, value, instead),
};

const esmHook: Check = {
  id: "esm-hook",
  summary: "ES modules import what only a hook of the loader can patch, and there is none.",
  strict: true,
  find: unhookedModules,
  message: ({ names: [name = "the SDK", modules = ""] }) =>
    name === "Sentry"
      ? `ES modules import ${modules} before Sentry can hook into the loader here, so it is never patched and its spans are missing; start Sentry by \`--import\`.`
      : `ES modules import ${modules}, which nothing but a hook of the loader patches, so its spans are missing; run Node with \`--experimental-loader=@opentelemetry/instrumentation/hook.mjs\`, or \`register()\` the hook in a file that \`--import\` loads.`,
};

/** Something is loaded before what must patch or configure it. */
export const instrumentFirst = ruleOfChecks(
  {
    name: "instrument-first",
    level: "error",
    summary: "Something is loaded before what must patch or configure it.",
    recommended: true,
  },
  [lateStart, lateEnvironment, preload, esmHook],
);
