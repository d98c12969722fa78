/**
 * How a Node.js process ends and who is told: events, listener registration, timers, callbacks that run at once.
 *
 * Documentation of `process`, `events` and `timers`, checked by running Node 20.20: the part of an `exit` listener after its
 * first await never runs; `beforeExit` does not fire after `process.exit`, a throw or a signal, and fires again when
 * asynchronous work was queued in it; a signal listener removes the default termination; an `unhandledRejection` listener
 * removes the default crash. CLI frameworks: commander 14.0.3, yargs 18.2.0, cac 7.1.0,
 * sade 1.8.1, cleye 2.7.0, citty and caporal.
 */

/** What a listener of a process event can and must do. */
export interface ProcessEvent {
  name: string;
  /** `exit`: natural or called end. `signal`: asked from outside. `crash`: something failed. */
  kind: "exit" | "signal" | "crash";
  /** Only the synchronous part of a listener runs. */
  syncOnly: boolean;
  /** With a listener the process no longer ends by itself at this event. */
  removesDefaultEnd: boolean;
  /** Fires again when a listener queued asynchronous work. */
  repeats: boolean;
}

export const processEvents: ProcessEvent[] = [
  { name: "exit", kind: "exit", syncOnly: true, removesDefaultEnd: false, repeats: false },
  { name: "beforeExit", kind: "exit", syncOnly: false, removesDefaultEnd: false, repeats: true },
  { name: "SIGTERM", kind: "signal", syncOnly: false, removesDefaultEnd: true, repeats: false },
  { name: "SIGINT", kind: "signal", syncOnly: false, removesDefaultEnd: true, repeats: false },
  { name: "SIGHUP", kind: "signal", syncOnly: false, removesDefaultEnd: true, repeats: false },
  { name: "SIGQUIT", kind: "signal", syncOnly: false, removesDefaultEnd: true, repeats: false },
  { name: "SIGBREAK", kind: "signal", syncOnly: false, removesDefaultEnd: true, repeats: false },
  { name: "SIGUSR2", kind: "signal", syncOnly: false, removesDefaultEnd: true, repeats: false },
  { name: "SIGABRT", kind: "signal", syncOnly: false, removesDefaultEnd: true, repeats: false },
  { name: "disconnect", kind: "signal", syncOnly: false, removesDefaultEnd: false, repeats: false },
  { name: "uncaughtException", kind: "crash", syncOnly: false, removesDefaultEnd: true, repeats: false },
  { name: "unhandledRejection", kind: "crash", syncOnly: false, removesDefaultEnd: true, repeats: false },
  {
    name: "uncaughtExceptionMonitor",
    kind: "crash",
    syncOnly: true,
    removesDefaultEnd: false,
    repeats: false,
  },
];

/** Methods of an emitter (`process`, a server, a worker, Deno) that take an event name first and a listener second. */
export const registrationMethods: string[] = [
  "on",
  "once",
  "addListener",
  "prependListener",
  "prependOnceListener",
  "addEventListener",
  "addSignalListener",
];

/** Their counterparts: the listener they are given does not run because of the call (https://nodejs.org/api/events.html). */
export const removalMethods: string[] = [
  "off",
  "removeListener",
  "removeEventListener",
  "removeSignalListener",
];

/** Of these the listener runs once at most. */
export const onceMethods: string[] = ["once", "prependOnceListener"];

/** A library's function that only registers listeners for the end of the process, and does not end it. */
export interface ListenerLibrary {
  modules: string[];
  register: string;
  callback: { argument: number };
  /** Process events at which the callback runs. */
  events: string[];
  syncOnly: boolean;
}

export const listenerLibraries: ListenerLibrary[] = [
  {
    modules: ["death"],
    register: "default",
    callback: { argument: 0 },
    events: ["SIGINT", "SIGTERM", "SIGQUIT"],
    syncOnly: false,
  },
  {
    modules: ["exit-hook"],
    register: "default",
    callback: { argument: 0 },
    events: ["exit", "SIGINT", "SIGTERM"],
    syncOnly: true,
  },
  {
    modules: ["signal-exit"],
    register: "onExit",
    callback: { argument: 0 },
    events: ["exit", "SIGINT", "SIGTERM", "SIGHUP"],
    syncOnly: true,
  },
  {
    modules: ["signal-exit"],
    register: "default",
    callback: { argument: 0 },
    events: ["exit", "SIGINT", "SIGTERM", "SIGHUP"],
    syncOnly: true,
  },
];

/** When a function handed to a call runs: before the call returns, in this turn or the next, after a time, at an event, as a command, not at all. */
export type CallbackTime = "now" | "soon" | "timer" | "event" | "command" | "never";

/** Methods of arrays that run their callback before they return. */
export const arrayMethods: string[] = [
  "forEach",
  "map",
  "filter",
  "reduce",
  "reduceRight",
  "some",
  "every",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "flatMap",
  "sort",
  "toSorted",
];

/** Methods of a promise that run a callback once it has settled. */
export const promiseMethods: string[] = ["then", "catch", "finally"];

/** Static methods that wait for several promises: `all` and `allSettled` for each, `race` and `any` for the first. */
export const promiseCombinators: { name: string; waitsForAll: boolean }[] = [
  { name: "all", waitsForAll: true },
  { name: "allSettled", waitsForAll: true },
  { name: "race", waitsForAll: false },
  { name: "any", waitsForAll: false },
];

/** Global functions that run their first argument later: after the milliseconds of the second (`delay`), or as soon as they can. */
export const timers: Record<string, "delay" | "soon"> = {
  setTimeout: "delay",
  setInterval: "delay",
  setImmediate: "soon",
  queueMicrotask: "soon",
  nextTick: "soon",
};

/** Functions that give a promise which settles after the milliseconds of the first argument: exported name and modules, or a global. */
export const promiseTimers: { path: string; modules?: string[] }[] = [
  { path: "setTimeout", modules: ["timers/promises", "node:timers/promises"] },
  { path: "scheduler.wait", modules: ["timers/promises", "node:timers/promises"] },
  { path: "Bun.sleep" },
];

/** Methods by which a command-line framework is given the function that runs a command. */
export interface CommandRegistration {
  modules: string[];
  method: string;
  /** Where the handler can be: argument index, and property when that argument is an object. */
  handlers: { argument: number; property?: string }[];
}

export const commandRegistrations: CommandRegistration[] = [
  { modules: ["commander", "@commander-js/extra-typings"], method: "action", handlers: [{ argument: 0 }] },
  { modules: ["commander", "@commander-js/extra-typings"], method: "hook", handlers: [{ argument: 1 }] },
  {
    modules: ["yargs"],
    method: "command",
    handlers: [{ argument: 3 }, { argument: 0, property: "handler" }],
  },
  { modules: ["cac"], method: "action", handlers: [{ argument: 0 }] },
  { modules: ["sade"], method: "action", handlers: [{ argument: 0 }] },
  { modules: ["caporal", "@caporal/core"], method: "action", handlers: [{ argument: 0 }] },
  { modules: ["citty"], method: "defineCommand", handlers: [{ argument: 0, property: "run" }] },
  { modules: ["citty"], method: "runMain", handlers: [{ argument: 0, property: "run" }] },
  { modules: ["cleye"], method: "cli", handlers: [{ argument: 1 }] },
  { modules: ["cleye"], method: "command", handlers: [{ argument: 1 }] },
];

/** The names of these methods; what is handed to them runs when the user asks for the command. */
export const commandMethods: string[] = ["action", "command", "hook", "defineCommand", "runMain", "cli"];
