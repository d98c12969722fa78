/**
 * The shape of the knowledge tables. Tables hold facts about other people's packages and no logic;
 * every fact was read in the package or measured (see the vendor's file for the version it was seen in).
 */

/** What a call does to the lifecycle of telemetry. */
export type Role =
  /** Makes a handle that records nothing yet. */
  | "create"
  /** From here on telemetry is recorded. */
  | "start"
  /** Sends what is buffered; may be repeated. */
  | "flush"
  /** Sends what is buffered and ends the handle; terminal. */
  | "close"
  /** Ends the handle without sending what is buffered. */
  | "drop"
  /** Puts something into the buffer (or sends it without anybody waiting). */
  | "capture";

/** How the end of a call can be waited for. */
export type Style =
  /** Returns a promise that settles when the work is done. */
  | "promise"
  /** Tells the end through a callback only; awaiting the call is a silent no-op. */
  | "callback"
  /** Promise without a callback, callback with one. */
  | "promise-or-callback"
  /** Returns an object whose property `promise` settles. */
  | "wrapper"
  /** Done when the call returns. */
  | "sync"
  /** Starts the work and tells nobody when it ends. */
  | "fire-and-forget"
  /** The end is an event of the handle (see `event`). */
  | "event";

export interface CallFacts {
  role: Role;
  style: Style;
  /** Where the callback goes: argument index, and the property when that argument is an options object. A capture may take one that few give. */
  callback?: { argument: number; property?: string };
  /** Where a time limit goes, its unit, and the limit without one in milliseconds (`null`: none at all). */
  timeout?: { argument: number; property?: string; unit: "ms" | "s"; defaultMillis: number | null };
  /** Event that tells the end, for style `event`. */
  event?: string;
  /** An expression that can be awaited, `$` standing for the handle; absent when a plain `await` of the call will do. */
  awaitable?: string;
  /** The call can reject when the collector is down: a repair must catch. */
  rejects?: boolean;
  /** What the promise gives, where it is nothing that `process.exit` takes. */
  resolves?: "boolean" | "array" | "object";
  /**
   * Without a time limit given: how long it takes, in milliseconds, when the collector takes the connection and never answers
   * (about, measured or read); `null`: it has no end. Absent: not known, or `timeout.defaultMillis` says it.
   */
  boundMillis?: number | null;
  /** Name of the class (in the same package, or `package#Class`) of what the call returns, awaited or not. */
  returns?: string;
  /** After this close the handle still takes and sends what is captured (PostHog `shutdown`, run with 5.70). */
  reusable?: boolean;
  /** The fire-and-forget call that has an awaitable twin names it here (`shutdown` -> `shutdownAsync`). */
  twin?: string;
  /** Sends only when this option is true; without it the call drops what is buffered (`newrelic.shutdown({ collectPendingData: true })`). */
  onlyWith?: { argument: number; property: string };
  /** The handle that the call is about is this argument, not what it is called on (`trace.setGlobalTracerProvider(provider)`). */
  handleArgument?: number;
}

/** What is behind one exported name. */
export type ExportFacts =
  | ({ kind: "function" } & CallFacts)
  /** A function that has no role itself but hands out a handle (`getClient()`). */
  | { kind: "factory"; returns: string }
  | {
      kind: "class";
      /** What `new` does. */
      construct: "create" | "start";
      /** A class whose members this one has as well: `Class` or `package#Class`. */
      extends?: string;
      /** `exporter`, `processor`, ...: closing a part is judged more mildly than closing the whole. */
      part?: "sdk" | "provider" | "processor" | "reader" | "exporter" | "client" | "logger" | "transport";
      /** How what is given to this class waits, where that differs from the vendor: a console exporter loses nothing at an exit. */
      buffering?: Vendor["buffering"];
      /** The class is a type only or has no exported name: it can be the type of a handle, it cannot be constructed. */
      typeOnly?: true;
      /** `type`: a property that holds a handle; with `call`, a method that hands one out and has no role itself. */
      members: Record<string, CallFacts | { type: string; call?: true }>;
    }
  /** A ready-made handle: `appInsights.defaultClient`, the default export of `newrelic`. */
  | { kind: "object"; type: string };

export interface PackageFacts {
  /** Exact module specifiers (`@sentry/node`), or with a trailing `/*` also everything below. */
  specifiers: string[];
  /** Loading the module starts telemetry by itself (`newrelic`, `.../register`). */
  startsOnImport?: boolean;
  /** By exported name; `default` for the default export. A dotted name reaches into an exported object. */
  exports: Record<string, ExportFacts>;
  /** How a version of this package differs: the exports of the named range replace those of the same name. */
  majors?: {
    range: string;
    note: string;
    exports?: Record<string, ExportFacts>;
    naturalEndDelivers?: boolean;
    capturesCrashes?: boolean;
    endings?: EndingFacts[];
    crash?: CrashFacts;
  }[];
  /** Where this package differs from its vendor. */
  naturalEndDelivers?: boolean;
  capturesCrashes?: boolean;
  /** Endings at which the package flushes by itself once started. */
  endings?: EndingFacts[];
  /** What it does about errors that nobody catches; absent: as its vendor does. */
  crash?: CrashFacts;
}

/** An event of the process at which a package sends what it has, without being asked. */
export interface EndingFacts {
  event: string;
  /** Afterwards it ends the process. */
  exits: boolean;
  /** It ends the process only while nobody else listens to the event; beside another listener it sends and goes on. */
  alone?: true;
}

/** How a vendor's SDK behaves as a whole. */
export interface Vendor {
  /** As a tired engineer calls it: `OpenTelemetry`, `Sentry`. */
  name: string;
  /**
   * Records by itself once started (instrumentation, periodic metrics, sessions), so that a program which did anything has
   * something buffered. `false`: only what the program captures is there to be lost.
   */
  ambient: boolean;
  /** `batch`: waits for a timer or a count. `immediate`: a request leaves at each capture, lost only while it is in flight. `none`: written synchronously. */
  buffering: "batch" | "immediate" | "none";
  /** Does a natural end of the process (empty event loop) deliver what is buffered? */
  naturalEndDelivers: boolean;
  /** Captures uncaught exceptions and rejections by default. */
  capturesCrashes: boolean;
  /** What its packages do about errors that nobody catches; absent: nothing, and it cannot be told of an error. */
  crash?: CrashFacts;
  packages: PackageFacts[];
}

/** A failure that an SDK can hear of without being told. `worker`: the `error` of a worker thread. */
export type CrashEvent = "uncaughtException" | "unhandledRejection" | "worker";

/** What an SDK does about errors that nobody catches, and how it is told of one. */
export interface CrashFacts {
  /** People install it to learn of errors: a failure that it is not told of is a failure that nobody sees. */
  reporter: boolean;
  /** What it hears by itself once started, with default options. */
  hears: CrashEvent[];
  /**
   * It hears a rejection only as the uncaught exception that Node makes of one that nobody listens for: any listener for
   * `unhandledRejection`, even one that only logs, keeps it from hearing.
   */
  rejectionsAsUncaught?: true;
  /** Options of the start that change what it hears. */
  options?: CrashOption[];
  /**
   * After it has heard an uncaught exception it ends the process: `always`; `alone`, while no other listener is registered for
   * the event; `never`, it keeps the broken process alive. Absent: it registers no listener that would keep it alive.
   */
  ends?: "always" | "alone" | "never";
  /** The option of the start with which it ends the process after all (`exitOnUncaughtException`). */
  endsWith?: { argument: number; property: string };
  /** A function handed in here runs in the place of the end (`Raven.install(callback)`). */
  endsInstead?: { call: string; argument: number };
  /** Errors of these runners (see `RunnerFacts.name`) it reports by itself, without a hook. */
  runners?: string[];
  /** Its own hooks for runners: `Sentry.setupExpressErrorHandler(app)`. */
  hooks?: CrashHook[];
  /** From this major on each one keeps its state to itself: what one captures, another that was started does not send. */
  copies?: { since: number };
  /** How the program tells it of an error, `$` standing for the handle or namespace and `%` for the error: `$.captureException(%)`. */
  tell?: string;
}

/** An option of a start, and what it does to what the SDK hears. */
export interface CrashOption {
  /** Where it is: argument index of the start, and the property; dotted for a nested one. */
  argument: number;
  /** The empty string: the argument itself is the value. */
  property: string;
  /** The call or method that takes it where that is not the start itself: `setup().setAutoCollectExceptions(false).start()`. */
  call?: string;
  events: CrashEvent[];
  /** The literal value that switches hearing on (`on`) or off (`off`); a value that is no literal leaves it unknown. */
  on?: boolean;
  off?: boolean;
  /** For a list of integrations by name (`integrations: [onUncaughtExceptionIntegration()]`): names in it that matter. */
  names?: string[];
}

/** A vendor's own error hook for a runner. */
export interface CrashHook {
  /** Name of the runner that it is for. */
  runner: string;
  /** Exported path whose call installs it (`setupExpressErrorHandler`), or whose result is handed to the runner (`Handlers.errorHandler`). */
  path: string;
  /** It has to come after the routes and before other error middleware. */
  ordered?: true;
}

/**
 * Something that runs functions of the program and deals with their failures itself: a web framework, a consumer of a queue,
 * a schedule, a worker thread, a child process.
 */
export interface RunnerFacts {
  /** As a tired engineer calls it: `express app`, `BullMQ worker`, `worker thread`. */
  name: string;
  kind: "web" | "queue" | "schedule" | "thread" | "process" | "emitter";
  /** Exact module specifiers; the empty string for a global. */
  modules: string[];
  /** As in `ProducerFacts`. */
  make: string;
  construct: boolean;
  /** Declared versions for which this row holds (`<5`, `>=4`); absent: all. */
  versions?: string;
  /**
   * What becomes of the failure of a function that it runs. `kept`: it logs, retries, answers 500 or marks a job as failed, and
   * no event of the process tells of it. `rejects`: it is an unhandled rejection. `throws`: it is an uncaught exception of this
   * process. `silent`: something outside of this process dies and nobody here is told.
   */
  failure: "kept" | "rejects" | "throws" | "silent";
  /** Where the program hands its functions in: a method (absent: `make` itself), and argument indexes; `rest` for all functions. */
  handlers: { method?: string; arguments: number[] | "rest"; properties?: string[] }[];
  /** Where a failure can be heard. */
  hooks: RunnerHook[];
}

/** A place where a runner tells of a failure. */
export interface RunnerHook {
  /** `event`: `x.on(name, fn)`. `method`: `x.name(fn)`. `option`: property of the options of `make`. `middleware`: `x.use(fn)` with as many parameters as `arity`. `class`: a class with this decorator. */
  as: "event" | "method" | "option" | "middleware" | "class";
  name: string;
  /** Index of the parameter that is the error. */
  error: number;
  arity?: number;
}

/** A call that ends the process. */
export interface ExitFacts {
  /** Global path (`process.exit`), or exported path of `module`. */
  path: string;
  /** Module specifiers that export it; absent for a global. */
  modules?: string[];
  /** `hard`: nothing asynchronous runs any more. `soft`: quit events run first and may wait. `self-kill`: ends by a signal sent to itself. */
  kind: "hard" | "soft" | "self-kill";
  /** The argument that is the exit code. */
  code?: number;
  /** Only when this argument is the process's own id. */
  onlyOwnPid?: { argument: number };
}

/** A library that owns the end of the process: it waits for the callbacks it was given, then exits by itself. */
export interface OwnerFacts {
  name: string;
  modules: string[];
  /** Exported function or method that takes callbacks which the owner awaits. */
  register: string;
  /** Where the callbacks are: argument index, and property names when that argument is an options object. */
  callbacks: { argument: number; properties?: string[] }[];
  /** Only when this argument is this string: `fastify.addHook("onClose", ...)`. */
  when?: { argument: number; equals: string };
  /** `true`: `register` is a method of what the module hands out, not an exported name. */
  method?: true;
  /** How the owner knows that a callback is done; `promise-or-callback` when it takes either. */
  waits: "promise" | "callback" | "promise-or-callback";
  /** Exported function, or method of what `register` or the module hands out, that asks the owner to end the process gracefully. */
  exit?: string;
}

/** How the thing that a producer is comes to its end once everything under way is done. */
export interface DrainFacts {
  method: string;
  /** `fire-and-forget`: takes no new work, but nobody is told when the work under way is done. `sync`: cuts it off at once. */
  style: "promise" | "callback" | "promise-or-callback" | "fire-and-forget" | "sync";
}

/** Something that keeps a program alive and produces telemetry while it runs: a server, a consumer of a queue, a schedule. */
export interface ProducerFacts {
  /** As a tired engineer calls it: `http server`, `BullMQ worker`. */
  name: string;
  /**
   * `server` answers requests, `consumer` takes messages or jobs, `schedule` runs at times, `bot` follows a chat, `processes` keeps
   * other processes. `stdio` lives as long as its standard input is open, then ends naturally.
   */
  kind: "server" | "consumer" | "schedule" | "bot" | "processes" | "stdio";
  /** Exact module specifiers; the empty string for a global. */
  modules: string[];
  /**
   * The exported name whose call or construction makes it: `createServer`; `default` for a module that is a function, or is itself
   * what serves (node:cluster); dotted where a method of an exported thing makes it (`Kafka.consumer`, `Deno.serve`).
   */
  make: string;
  /** The first name of `make` is constructed with `new`, not called. */
  construct: boolean;
  /** Method of what `make` gives (or of something got from it) that sets it to work; absent when making does. */
  serve?: string;
  /** What is drained: what `serve` hands back (`app.listen()` of express gives the http server), or what was made. */
  serves?: "result" | "self";
  /** Methods, on that thing or on something that belongs to it, by which it comes to its end; the best one first. */
  drains: DrainFacts[];
  /**
   * Signals at which it drains itself, and whether it then ends the process (`false`: the program's own `await` goes on).
   * `unless`: the option that turns it off. `enable`: the method that turns it on; absent when it is on from the start.
   */
  signals?: { events: string[]; exits: boolean; unless?: string; enable?: string };
}
