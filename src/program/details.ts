import type { Link } from "../chain/links.js";
import type { Level } from "../finding.js";
import type { Hit } from "../flow/world.js";
import type { Vendor } from "../knowledge/schema.js";
import type { Call, Expr, Fn, Span, Stmt } from "../syntax/ir.js";
import type { Drain, Ending } from "./endings.js";
import type { Lifespan } from "./lifespan.js";

/** What is missing where telemetry is started and no ending closes it. */
export interface MissingShutdown {
  kind: "missing-shutdown";
  /**
   * `nothing`: the program has no ending that closes it. `listener`: signal listeners are there and leave telemetry out.
   * `helper`: a function closes it and nobody calls that. `hooks`: a framework hook closes it and the framework is never told
   * to run its hooks. `natural-end`: only signals are covered. `one-signal` (strict): only
   * one of SIGTERM and SIGINT is.
   */
  shape: "nothing" | "listener" | "helper" | "hooks" | "natural-end" | "one-signal";
  start: Hit;
  vendor: Vendor;
  lifespan: Lifespan;
  endings: readonly Ending[];
  /** For `helper` and `hooks`: the function that closes. */
  helper?: Fn;
}

/** How the end of a flush or close gets lost. */
export interface FloatingFlush {
  kind: "floating-flush";
  /**
   * `dropped`: a statement (or `void`) whose promise nobody takes, maybe inside a wrapper that its callers await.
   * `each`: `forEach` drops the promises of its callback. `nothing-to-await`: the awaited call gives no promise.
   * `exit-listener`: registered for `exit`, where nothing asynchronous runs. `executor`: in an async executor that nobody waits
   * for. `inside-span`: awaited inside the span that it should send. `wrong-link`: flushes the exporter while the queue is in
   * the processor. `passed-exit`: `.then(process.exit)` makes the flush's value the exit code. `latch`: a second caller returns
   * early while the first still flushes.
   */
  shape:
    | "dropped"
    | "each"
    | "nothing-to-await"
    | "exit-listener"
    | "executor"
    | "inside-span"
    | "wrong-link"
    | "passed-exit"
    | "latch";
  /** The call of the SDK that flushes or closes. */
  flush: Hit;
  /** The ending in which it floats. */
  ending: Ending | undefined;
}

/** Two endings of one program that get in each other's way. */
export interface CompetingShutdown {
  kind: "competing-shutdown";
  /**
   * `listeners`: two listeners of one event, one exits while the other works. `owner`: a listener beside a library or framework
   * that ends the process by itself. `host`: a library ends the process of its host. `order`: telemetry is closed before what
   * still produces. `parallel`: ... at the same time as. `held`: telemetry is waited for without a limit before another process
   * is let go.
   */
  shape: "listeners" | "owner" | "host" | "order" | "parallel" | "held";
  ending: Ending | undefined;
  other: Ending | undefined;
  /** For `order` and `parallel`: the call that drains, and the close of telemetry that comes too early. */
  drain?: Drain;
  close?: Hit;
  /** For `held`: the call that lets the other process go. */
  release?: { call: Call; fn: Fn };
}

/** How much time a wait visibly has. */
export interface Budget {
  millis: number;
  /** How long the wait may take when the collector keeps silent. */
  needed: number;
  /** A compose file that gives the container this time; else the function that is given it and does nothing with it. */
  from: { file: string } | { fn: Fn; at: Span };
}

/** A wait without an end. */
export interface UnboundedShutdown {
  kind: "unbounded-shutdown";
  /**
   * `no-limit`: the call has no time limit of its own. `wrong-unit`: the limit is in another unit. `then-exit`: the exit stands
   * in a `then` that a rejection skips. `uncaught`: the same for an awaited call. `race-timer`: the timer of a race keeps the
   * process alive. `over-budget`: the call may take longer than the time that it visibly has. `one-by-one`: so do several that are
   * waited for one after the other.
   */
  shape: "no-limit" | "wrong-unit" | "then-exit" | "uncaught" | "race-timer" | "over-budget" | "one-by-one";
  /** The call of the SDK that is waited for. */
  flush: Hit;
  ending: Ending | undefined;
  /** For `over-budget` and `one-by-one`: how much time there is, who says so, and how long it may take. */
  budget?: Budget;
  /** For `one-by-one`: the calls, in their order. */
  sequence?: readonly Call[];
}

/** A failure that reaches no telemetry. */
export interface CrashLoss {
  kind: "crash-loss";
  /**
   * Entries: `floating-entry`: nobody hears the rejection of `main()`. `awaited-entry`: awaited at the top level. `swallowed-entry`:
   * the `catch` of its chain, or of its body, only logs. `zombie`: the same, and the program goes on as if it had started.
   * Handlers: `listener-swallows`: a crash listener logs and keeps the process alive. `monitor`: asynchronous work in a listener of
   * `uncaughtExceptionMonitor`. `owner-ignores`: the callback of an owner is told of the error and leaves it out. `option`: an option
   * of the SDK loses the crash or keeps the process alive. `breadcrumb`: all that a `catch` leaves is a breadcrumb.
   * Captures: `before-init`: captured before the SDK is started. `no-init`: in a process that never starts it. `other-copy`: in a
   * copy of the SDK that nobody starts.
   * Runners: `unheard-runner`: no listener hears its failures. `runner-swallows`: the listener or hook only logs. `async-callback`: an
   * async function where nobody takes its promise (timers, listeners, express 4 routes). `missing-hook`: a web framework answers 500
   * and tells nobody. `hook-order`: the error middleware stands at the wrong place.
   */
  shape:
    | "floating-entry"
    | "awaited-entry"
    | "swallowed-entry"
    | "zombie"
    | "listener-swallows"
    | "monitor"
    | "owner-ignores"
    | "option"
    | "breadcrumb"
    | "before-init"
    | "no-init"
    | "other-copy"
    | "unheard-runner"
    | "runner-swallows"
    | "async-callback"
    | "missing-hook"
    | "hook-order";
  /** Who should have been told. */
  vendor: Vendor;
  /** Where that vendor is started, when the program shows it. */
  start: Hit | undefined;
  /** Where it stands: function, and the call that is reported (the entry's call, the registration, the making of the runner). */
  fn: Fn;
  call: Call | undefined;
  at: Span;
  /** What loses the failure: the function of a `catch`, a listener, a hook, the callback of a job. */
  handler?: Fn;
  /** For `zombie` and `swallowed-entry` inside the body: the `try` whose handler swallows. */
  attempt?: Stmt & { s: "try" };
  /** The other places that are lost the same way, for `why`. */
  others?: { fn: Fn; at: Span; message: string }[];
  /** The runner, by its name in the tables. */
  runner?: string;
  /** For `option`: the option, and whether it makes the SDK deaf; else it keeps the broken process alive. */
  option?: string;
  deaf?: boolean;
}

/** A link of an interceptor chain that breaks what the chain promises. */
export interface ChainBreak {
  kind: "chain-break";
  /** The check that found it, by which it can be switched; `checks` of the rule says what each means. */
  check: string;
  fn: Fn;
  at: Span;
  call?: Call;
  /** The link, where one was recognised. */
  link?: Link;
  /** What the message names: a member, a package, a class. */
  names: readonly string[];
  /** Other than the level of the rule: a dead branch or an option without effect is a note. */
  level?: Level;
  /** Only where it is asked for, though the check is on. */
  strict?: boolean;
  /** Other places that explain it, for `why`. */
  others?: { fn: Fn; at: Span; message: string }[];
  /** The expressions that the repair starts from, in the order that the check documents. */
  parts?: readonly Expr[];
}

/** What a rule found out beyond the place, for its repair. */
export type Details =
  MissingShutdown | FloatingFlush | CompetingShutdown | UnboundedShutdown | CrashLoss | ChainBreak;
