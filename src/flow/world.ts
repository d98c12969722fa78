import type { Value } from "../facts/value.js";
import type { CallFacts, Vendor } from "../knowledge/schema.js";
import type { Call, Expr, Fn, Module, Span } from "../syntax/ir.js";
import type { States } from "./state.js";

/** One call that a path went through, from the outside in; `as` says how the function came to run. */
export interface Step {
  call: Call | undefined;
  fn: Fn;
  as: "call" | "listener" | "callback" | "entry";
  event?: string;
  /** Where a module is loaded: such a step has no call. */
  at?: Span;
  /** Called from inside a loop. */
  looped?: boolean;
  /** How many branches, cases and handlers enclose the call, over the whole stack. */
  guards?: number;
}

/** Something of the lifecycle that a path met, with the states it was met in. */
export interface Hit {
  /** `floating`: a statement drops the promise of something that flushes or closes. */
  kind: "exit" | "start" | "capture" | "flush" | "floating";
  at: Span;
  /** Absent where loading a package is what starts it. */
  call?: Call;
  fn: Fn;
  states: States;
  stack: readonly Step[];
  vendor?: Vendor;
  facts?: CallFacts;
  value?: Value;
  /** The capture that came last on the way here. */
  captured?: { call: Call; fn: Fn } | undefined;
  /** How many branches, cases and handlers were around it, over the whole stack. */
  guards: number;
  /** The innermost loop of its function, and the guards around that. */
  loop: { at: Span; guards: number } | undefined;
  /** Runs in a timer of its own: a deadline or a watchdog. */
  inTimer: boolean;
  /** Stands in a branch for those who develop the program: no user of it comes there. */
  developing?: boolean;
  /** Stands in a `try` of its own function. */
  caught?: boolean;
  /** For `floating`: how the promise is dropped. */
  dropped?: "statement" | "each" | "awaited" | "executor";
}

/** What the walk along paths needs to know of the program around a function. */
export interface World {
  values(expr: Expr, module: Module): Value[];
  /** Like `values`, for what is called. */
  callee(expr: Expr, module: Module): Value[];
  /** The events that a registration is for. */
  events(call: Call, module: Module): string[];
  /** Is it worth going into this function: can it touch telemetry or an exit? */
  relevant(fn: Fn): boolean;
  /** The states in which code runs that was registered for later. `crash`: on an uncaught error. */
  later(kind: "event" | "crash"): States;
  /** What loading a module from running code does: a top level of the program that runs now, or an SDK that starts itself. */
  loads(specifier: string, from: Module): { top?: Fn; starts?: Vendor };
  /** What a condition always comes to, whatever the path; absent or undefined: it may be either. */
  always?(test: Expr): boolean | undefined;
  /** Whether a call has what it is given waited for by somebody else: `ctx.waitUntil(flush())`. Absent: nobody does. */
  keeps?(call: Call): boolean;
  hit(hit: Hit): void;
}
