import type { Binding, Fn, Stmt } from "../syntax/ir.js";
import { NONE, type States } from "./state.js";

/** What running a function from one state comes to. */
export interface Summary {
  /** The states right after the call, before anything it started has ended. */
  now: States;
  /** The states once its promise is fulfilled (or it has returned, when it gives none). */
  ok: States;
  /** The states in which it throws or rejects. */
  err: States;
  /** Its result is a promise of the program. */
  promise: boolean;
  /** A flush was awaited on some path. */
  flushes: boolean;
}

export const identity = (states: States): Summary => ({
  now: states,
  ok: states,
  err: NONE,
  promise: false,
  flushes: false,
});

/** How a promise will settle. */
export interface Settle {
  ok: States;
  err: States;
  /** It is never fulfilled: a flush was waited for, and then the process ended. */
  ends?: true;
}

/** What evaluating an expression comes to: the states after it, and how its value settles when it is a promise. */
export interface Result {
  states: States;
  settle?: Settle;
  /** It is the call that starts an SDK: nobody needs to wait for it. */
  started?: boolean;
}

/** The running of one function from one state. */
export class Frame {
  returned: States = NONE;
  settled: States = NONE;
  rejected: States = NONE;
  suspended: States = NONE;
  returnsPromise = false;
  flushes = false;
  /** Innermost last: where throws inside a `try` go. */
  readonly handlers: { thrown: States; weak: States }[] = [];
  /** States in which something was awaited, since the innermost `try` began. */
  met: States = NONE;
  /** Innermost last: what runs on every way out of a `try`. */
  readonly finalizers: Stmt[][] = [];
  readonly breaks: { label: string | undefined; loop: boolean; states: States; continued: States }[] = [];
  label: string | undefined;
  /** How many `finally` blocks enclose the running statement. */
  finishing = 0;

  constructor(
    readonly fn: Fn,
    readonly entry: States,
    readonly inTimer: boolean,
  ) {}

  throws(states: States): void {
    const handler = this.handlers.at(-1);
    if (handler) handler.thrown |= states;
    else this.rejected |= states;
  }

  /** A failure that is unlikely, or of something that is being closed. */
  throwsWeakly(states: States): void {
    const handler = this.handlers.at(-1);
    if (handler) handler.weak |= states;
    else this.rejected |= states;
  }

  summary(end: States): Summary {
    const returned = this.returned | end;
    const ok = this.settled | end;
    return {
      now: this.suspended === NONE || !this.fn.async ? returned : this.suspended,
      ok,
      err: this.rejected,
      promise: this.fn.async || this.returnsPromise,
      flushes: this.flushes,
    };
  }
}

/** Promise variables and `resolve` parameters, by binding: how they settle, as far as the walk has seen. */
export type Pending = Map<Binding, Settle>;
