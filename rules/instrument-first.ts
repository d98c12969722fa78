import { ruleOfChecks, type Check } from "../src/program/rule-of-checks.js";
import { startsWhenReady } from "../src/loading/after-ready.js";
import { bundledModules } from "../src/loading/bundled.js";
import { lateEnvironments } from "../src/loading/environment.js";
import { unhookedModules } from "../src/loading/esm-hook.js";
import { notPreloaded } from "../src/loading/not-preloaded.js";
import { lateStarts } from "../src/loading/late.js";
import type { Missed } from "../src/loading/missed.js";
import { overwrittenFields } from "../src/loading/overwritten.js";
import { wrongPreloads, type Fault } from "../src/loading/preload.js";
import { undeclaredNames } from "../src/loading/undeclared.js";
import { untoldWorkers } from "../src/loading/workers.js";

const missed: Readonly<Record<Missed, string>> = {
  spans: "its spans are missing",
  records: "its records are not sent",
  ids: "its records carry no ids of traces",
};

const lateStart: Check = {
  id: "late-start",
  summary: "What should be patched is loaded before the instrumentation.",
  strict: false,
  find: lateStarts,
  message: ({ names: [name = "the SDK", modules = "", kind = "spans", hook] }) => {
    const lost = missed[kind as Missed];
    if (hook !== "hook")
      return `${modules} is loaded before ${name} starts here, so it is never patched and ${lost}; start ${name} in a file that is imported first, or preload it.`;
    const repair = name === "Sentry" ? "" : ` and that registers \`@opentelemetry/instrumentation/hook.mjs\``;
    return `${modules} is loaded before ${name} starts here, and by ES modules, so it is never patched and ${lost}; start ${name} in a file that \`--import\` loads${repair}: to be imported first is not enough.`;
  },
};

const lateEnvironment: Check = {
  id: "late-environment",
  summary: "The file of environment variables is read after the SDK that needs them has started.",
  strict: false,
  find: lateEnvironments,
  message: ({ names: [name] }) =>
    `${name ?? "The SDK"} has started before these variables are read, so it runs without them; read them first, or let Node do it by \`--env-file\`.`,
};

const afterReady: Check = {
  id: "after-ready",
  summary: "An SDK of Electron is started when the app is ready already, which throws.",
  strict: false,
  find: startsWhenReady,
  message: ({ names: [name = "The SDK"] }) =>
    `${name} is started here when Electron's app is ready already: its init throws, so nothing is reported; start it before \`ready\`, in the top level of the main file, and let \`beforeSend\` drop what must not be sent.`,
};

const overwritten: Check = {
  id: "overwritten",
  summary: "Telemetry that a method has just set up is overwritten before anybody could use it.",
  strict: false,
  find: overwrittenFields,
  message: ({ names: [field = "the field", method = "the method"] }) =>
    `What \`${method}()\` puts into \`${field}\` is overwritten by the lines behind this call, so telemetry never gets it; set the default first.`,
};

const undeclared: Check = {
  id: "undeclared",
  summary: "A start needs a name that is declared further down, which throws.",
  strict: false,
  find: undeclaredNames,
  message: ({ names: [vendor = "the SDK", name = "the name"] }) =>
    `The start of ${vendor} reads \`${name}\`, which is declared further down: reading it here throws, and the program ends; declare it first.`,
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
  unknown: (flag, value) =>
    `\`${flag} ${value}\` stops Node before the program starts, since this version of it does not know \`${flag}\`; use Node 20, or \`--require\` for a CommonJS module.`,
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

const unpreloaded: Check = {
  id: "not-preloaded",
  summary: "A deployment starts the program without what its start script preloads.",
  strict: false,
  find: notPreloaded,
  message: ({ names: [name = "Telemetry", flag = "", value = "", script = ""] }) =>
    `This starts the program without \`${flag} ${value}\`, which only the script \`${script}\` has, so ${name} is not started here and nothing is recorded; add the flag.`,
};

const worker: Check = {
  id: "worker",
  summary: "A thread or a child of the program records telemetry that nothing starts there.",
  strict: false,
  find: untoldWorkers,
  message: ({ names: [kind] }) =>
    kind === "spawn"
      ? "A child that is started like this gets none of the flags of the program, so what it preloads is not loaded there and nothing of the child is recorded; put `...process.execArgv` in front of its file."
      : kind === "flags"
        ? "These flags take the place of those of the program, so what it preloads is not loaded here and nothing of the worker is recorded; start them with `...process.execArgv`."
        : "This file runs in a thread or a process of its own, where nothing starts OpenTelemetry, so what it records goes nowhere; import the file that starts it here first.",
};

/** How packages stay outside; what stands outside is loaded in front of everything by some. */
const unbundled: Readonly<Record<string, (name: string) => string>> = {
  esbuild: () => "leave packages out of the bundle by `packages: external`",
  webpack: () => "leave packages out of the bundle by `externals`",
  tsup: () => "leave `noExternal` out",
  Rollup: (name) =>
    `leave packages out of the bundle by \`external\`, and start ${name} by \`--require\` or \`--import\``,
  Vite: (name) => `leave packages out of the bundle, and start ${name} by \`--require\` or \`--import\``,
};

const bundled: Check = {
  id: "bundled",
  summary: "A bundle swallows the packages that should be patched.",
  strict: false,
  find: bundledModules,
  message: ({ names: [name = "the SDK", modules = "", tool = ""] }) =>
    `${tool} puts ${modules} into the bundle, where ${name} patches nothing, so spans are missing; ${unbundled[tool]?.(name) ?? "leave packages out of the bundle"}.`,
};

const esmHook: Check = {
  id: "esm-hook",
  summary: "ES modules import what only a hook of the loader can patch, and there is none.",
  strict: false,
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
  [
    lateStart,
    lateEnvironment,
    afterReady,
    overwritten,
    undeclared,
    preload,
    unpreloaded,
    worker,
    bundled,
    esmHook,
  ],
);
