/**
 * Libraries and frameworks that own the end of the process: they wait for the callbacks they were given, then exit.
 *
 * Read in close-with-grace 2.5.0, @godaddy/terminus 4.12.1, lightship 9.0.3, http-graceful-shutdown 4.0.0, exit-hook 5.1.0,
 * async-exit-hook 2.0.1, node-graceful-shutdown 1.1.5, fastify-graceful-shutdown 5.0.0, fastify 5.12.8, @nestjs/common 11.2.10.
 * Not owners: stoppable 1.1.0 and http-terminator 3.2.0 close a server and leave the process alone; death 1.1.0 and
 * signal-exit 4.1.0 only register listeners (see `listenerLibraries` in process.ts).
 */
import type { OwnerFacts } from "./schema.js";

export const owners: OwnerFacts[] = [
  {
    name: "close-with-grace",
    modules: ["close-with-grace"],
    register: "default",
    callbacks: [{ argument: 0 }, { argument: 1 }],
    waits: "promise-or-callback",
    exit: "close",
  },
  {
    name: "terminus",
    modules: ["@godaddy/terminus"],
    register: "createTerminus",
    callbacks: [{ argument: 1, properties: ["beforeShutdown", "onSignal", "onSigterm", "onShutdown"] }],
    waits: "promise",
  },
  {
    name: "lightship",
    modules: ["lightship"],
    register: "registerShutdownHandler",
    method: true,
    callbacks: [{ argument: 0 }],
    waits: "promise",
    exit: "shutdown",
  },
  {
    name: "http-graceful-shutdown",
    modules: ["http-graceful-shutdown"],
    register: "default",
    callbacks: [{ argument: 1, properties: ["preShutdown", "onShutdown"] }],
    waits: "promise",
  },
  {
    name: "exit-hook",
    modules: ["exit-hook"],
    register: "asyncExitHook",
    callbacks: [{ argument: 0 }],
    waits: "promise",
    exit: "gracefulExit",
  },
  {
    name: "async-exit-hook",
    modules: ["async-exit-hook"],
    register: "default",
    callbacks: [{ argument: 0 }],
    waits: "callback",
  },
  {
    name: "async-exit-hook",
    modules: ["async-exit-hook"],
    register: "default.uncaughtExceptionHandler",
    callbacks: [{ argument: 0 }],
    waits: "callback",
  },
  {
    name: "async-exit-hook",
    modules: ["async-exit-hook"],
    register: "default.unhandledRejectionHandler",
    callbacks: [{ argument: 0 }],
    waits: "callback",
  },
  {
    name: "node-graceful-shutdown",
    modules: ["node-graceful-shutdown"],
    register: "onShutdown",
    callbacks: [{ argument: 0 }, { argument: 1 }, { argument: 2 }],
    waits: "promise",
  },
  {
    name: "fastify-graceful-shutdown",
    modules: ["fastify"],
    register: "gracefulShutdown",
    method: true,
    callbacks: [{ argument: 0 }],
    waits: "promise",
  },
  {
    name: "fastify",
    modules: ["fastify"],
    register: "addHook",
    method: true,
    when: { argument: 0, equals: "onClose" },
    callbacks: [{ argument: 1 }],
    waits: "promise-or-callback",
  },
  {
    name: "fastify",
    modules: ["fastify"],
    register: "addHook",
    method: true,
    when: { argument: 0, equals: "preClose" },
    callbacks: [{ argument: 1 }],
    waits: "promise-or-callback",
  },
];

/** Of these, those that listen for SIGTERM by themselves: the hooks of fastify only run when the application is closed. */
export const listeningOwners: ReadonlySet<string> = new Set([
  "close-with-grace",
  "terminus",
  "lightship",
  "http-graceful-shutdown",
  "exit-hook",
  "async-exit-hook",
  "node-graceful-shutdown",
  "fastify-graceful-shutdown",
]);

/** A framework that awaits methods of these names on its own classes when the application is closed. */
export interface LifecycleHooks {
  name: string;
  /** Decorators of the classes whose methods are awaited. */
  modules: string[];
  decorators: string[];
  /** Method names in the order in which they run. */
  methods: string[];
  /** Method of the application that makes it listen to signals; without it only `close()` runs the hooks. */
  enable?: string;
  /** Method of the application that runs the hooks. */
  close: string;
}

/** The listener of `enableShutdownHooks()` runs the hooks, then sends the signal to its own process again. */
export const lifecycleHooks: LifecycleHooks[] = [
  {
    name: "Nest",
    modules: ["@nestjs/common"],
    decorators: [
      "Injectable",
      "Module",
      "Controller",
      "Global",
      "Catch",
      "WebSocketGateway",
      "Resolver",
      "Processor",
    ],
    methods: ["onModuleDestroy", "beforeApplicationShutdown", "onApplicationShutdown"],
    enable: "enableShutdownHooks",
    close: "close",
  },
];
