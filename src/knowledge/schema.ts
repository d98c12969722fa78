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
  /** Where the callback goes: argument index, and the property when that argument is an options object. */
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
  }[];
  /** Where this package differs from its vendor. */
  naturalEndDelivers?: boolean;
  capturesCrashes?: boolean;
  /** Endings at which the package flushes by itself once started. */
  endings?: EndingFacts[];
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
  packages: PackageFacts[];
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
