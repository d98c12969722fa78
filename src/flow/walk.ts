import type { Binding, Call, Expr, Fn, Span, Stmt } from "../syntax/ir.js";
import { evaluateCall } from "./calls.js";
import { declareClass } from "./classes.js";
import { awaitsNoPromise, discard, drop } from "./drops.js";
import { awaitsNothing, isForDevelopment, viewOf } from "./guards.js";
import { isClosing, isClosingName } from "./names.js";
import { fieldKey, join, merge, renewed } from "./settling.js";
import { isSetUp, lenient, settled } from "./summaries.js";
import { Frame, identity, type Result, type Settle, type Summary } from "./frame.js";
import {
  each,
  has,
  LIVE,
  NONE,
  State,
  type States,
  afterAwait,
  afterFlush,
  afterStart,
  idle,
} from "./state.js";
import type { Hit, Step, World } from "./world.js";

const MAX_STACK = 24;
const MAX_ROUNDS = 5;
/** Statements walked before a program is given up as too large; the rest stays silent. */
const MAX_STEPS = 3_000_000;

/** Walks functions from given states, following calls, and reports what it meets to the world. */
export class Walk {
  readonly stack: Step[] = [];
  readonly pending = new Map<Binding, Settle>();
  /** Parameters of array callbacks: the functions of the list that they stand for. */
  readonly elements = new Map<Binding, Fn[]>();
  /** Pending promises kept in class fields or object properties, by name and class. */
  readonly pendingFields = new Map<string, Settle>();
  captured: { call: Call; fn: Fn } | undefined;
  /** How many branches, cases and handlers enclose the running statement, over the whole stack. */
  guards = 0;
  /** The innermost loop of the running function, and the guards around it. */
  loopNow: { at: Span; guards: number } | undefined;
  /** Inside a branch for those who develop the program. */
  developing = false;
  /** Functions that stand in a chain for a failure which never comes. */
  readonly unneeded = new Set<Fn>();
  /** How the calls of functions that give a promise may fail, over all ways to them. */
  readonly failures = new Map<Call, States>();
  /** How the handlers of commands may fail: whoever parses the command line is told. */
  commandFailures: States = NONE;
  steps = 0;
  private readonly summaries = new Map<Fn, Map<number, Summary>>();
  private readonly running = new Set<string>();

  constructor(readonly world: World) {}

  get exhausted(): boolean {
    return this.steps > MAX_STEPS;
  }

  /** Runs a function from every one of the states. */
  run(fn: Fn, states: States, step: Step, inTimer = false): Summary {
    if (this.stack.length > MAX_STACK || this.exhausted) return identity(states);
    const total: Summary = { now: NONE, ok: NONE, err: NONE, promise: false, flushes: false };
    this.stack.push({ ...step, guards: this.guards, ...(this.loopNow ? { looped: true } : {}) });
    for (const state of each(states)) {
      const one = this.runFrom(fn, state, inTimer);
      total.now |= one.now;
      total.ok |= one.ok;
      total.err |= one.err;
      total.promise ||= one.promise;
      total.flushes ||= one.flushes;
    }
    this.stack.pop();
    return total;
  }

  private runFrom(fn: Fn, state: States, inTimer: boolean): Summary {
    const slot = state | (inTimer ? 1024 : 0) | (this.developing ? 2048 : 0);
    let known = this.summaries.get(fn);
    if (!known) this.summaries.set(fn, (known = new Map()));
    const summary = known.get(slot);
    if (summary) return summary;
    const key = `${fn.module.file}#${String(fn.id)}@${String(slot)}`;
    if (this.running.has(key)) return { ...identity(state), promise: fn.async };
    this.running.add(key);
    const frame = new Frame(fn, state, inTimer);
    const loop = this.loopNow;
    this.loopNow = undefined;
    const end = this.block(frame, fn.body, state);
    this.loopNow = loop;
    const result = lenient(frame.summary(end), state);
    // a set-up that fails leaves nothing that could be lost
    if (state === State.Idle && isSetUp(fn)) {
      result.err = result.err === NONE ? NONE : State.Idle;
      result.ok = settled(result.ok);
      result.now = settled(result.now);
    }
    this.running.delete(key);
    known.set(slot, result);
    return result;
  }

  block(frame: Frame, body: Stmt[], states: States): States {
    let now = states;
    for (const s of body) {
      if (now === NONE) break;
      this.steps++;
      now = this.statement(frame, s, now);
    }
    return now;
  }

  private statement(frame: Frame, s: Stmt, states: States): States {
    switch (s.s) {
      case "expr":
        return discard(this, frame, this.value(frame, s.e, states), s.e, states);
      case "return":
        this.leave(frame, s.e ? this.value(frame, s.e, states) : { states });
        return NONE;
      case "throw": {
        frame.throws(this.value(frame, s.e, states).states);
        return NONE;
      }
      case "block":
        return this.block(frame, s.body, states);
      case "if":
        return this.branch(frame, s, states);
      case "loop":
        return this.loop(frame, s, states);
      case "switch":
        return this.switch(frame, s, states);
      case "try":
        return this.try(frame, s, states);
      case "label": {
        const target = { label: s.label, loop: false, states: NONE, continued: NONE };
        frame.breaks.push(target);
        frame.label = s.label;
        const end = this.block(frame, s.body, states);
        frame.breaks.pop();
        return end | target.states;
      }
      case "break":
      case "continue": {
        const target = frame.breaks.findLast((b) =>
          s.label === undefined ? b.loop || s.s === "break" : b.label === s.label,
        );
        if (target) target[s.s === "break" ? "states" : "continued"] |= states;
        return NONE;
      }
    }
  }

  private leave(frame: Frame, result: Result): void {
    let now = result.states;
    let ok = result.settle ? result.settle.ok : result.states;
    for (const finalizer of frame.finalizers.toReversed()) {
      const saved = frame.finalizers.splice(frame.finalizers.indexOf(finalizer));
      now = this.block(frame, finalizer, now);
      ok = result.settle ? this.block(frame, finalizer, ok) : now;
      frame.finalizers.push(...saved);
    }
    frame.returned |= now;
    frame.settled |= ok;
    if (result.settle) {
      frame.returnsPromise = true;
      frame.throws(result.settle.err);
      if (has(result.settle.ok, State.Flushed)) frame.flushes = true;
    }
  }

  /** Statements that run only sometimes. */
  private guarded(frame: Frame, body: Stmt[], states: States): States {
    this.guards++;
    const end = this.block(frame, body, states);
    this.guards--;
    return end;
  }

  private branch(frame: Frame, s: Stmt & { s: "if" }, states: States): States {
    const test = this.value(frame, s.test, states).states;
    const always = this.world.always?.(s.test);
    if (always !== undefined) return this.guarded(frame, (always ? s.then : s.else) ?? [], test);
    const view = viewOf(this, frame, s.test);
    const developing = this.developing || isForDevelopment(s.test);
    const outside = this.developing;
    this.developing = developing;
    // a second signal while the first is being handled: the first one's flush is under way
    const then = this.guarded(
      frame,
      s.then,
      view === "latched" ? afterFlush(test) : view === "absent" ? idle(test) : test,
    );
    this.developing = outside;
    const other = view === "present" ? idle(test) : test;
    if (s.else) return then | this.guarded(frame, s.else, other);
    // a guard around a flush (`if (sdk) await sdk.shutdown()`): without a handle there is nothing to lose
    const flushed = has(then, State.Flushed | State.Closing) && !has(then, LIVE) && has(test, LIVE);
    return flushed && view !== "value" ? then : then | other;
  }

  private loop(frame: Frame, s: Stmt & { s: "loop" }, states: States): States {
    const endless = s.test === undefined || (s.test.k === "lit" && s.test.v === true);
    let head = states;
    let out: States = NONE;
    const target = { label: frame.label, loop: true, states: NONE, continued: NONE };
    frame.label = undefined;
    frame.breaks.push(target);
    const outer = this.loopNow;
    this.loopNow = { at: s.at, guards: this.guards };
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = head;
      if (s.awaits) head = this.suspend(frame, head);
      const tested = s.test ? this.value(frame, s.test, head).states : head;
      const body = this.block(frame, s.body, tested) | target.continued;
      const next = s.update ? this.value(frame, s.update, body).states : body;
      out |= s.first ? next : endless ? NONE : tested;
      head |= next;
      if (head === before) break;
    }
    this.loopNow = outer;
    frame.breaks.pop();
    return out | target.states;
  }

  private switch(frame: Frame, s: Stmt & { s: "switch" }, states: States): States {
    const on = this.value(frame, s.on, states).states;
    const target = { label: undefined, loop: false, states: NONE, continued: NONE };
    frame.breaks.push(target);
    let through: States = NONE;
    for (const c of s.cases) {
      if (c.test) this.value(frame, c.test, on);
      through = this.guarded(frame, c.body, through | on);
    }
    frame.breaks.pop();
    const outer = frame.breaks.at(-1);
    if (outer) outer.continued |= target.continued;
    const covered = s.cases.some((c) => !c.test);
    return through | target.states | (covered ? NONE : on);
  }

  private try(frame: Frame, s: Stmt & { s: "try" }, states: States): States {
    if (s.finalizer) frame.finalizers.push(s.finalizer);
    const collector = { thrown: NONE, weak: NONE };
    frame.handlers.push(collector);
    const flushedBefore = frame.met;
    frame.met = NONE;
    let end = this.block(frame, s.block, states);
    frame.handlers.pop();
    // in a block that closes telemetry, a failure of what is closed before it is not held against the handler
    const flushes = has(frame.met | end, State.Flushed);
    if (!flushes) collector.thrown |= collector.weak;
    // ... and in an ending the flush is what every path leads to
    else if (this.isEnding(frame)) collector.thrown &= State.Idle | State.Flushed | State.Captured;
    frame.met |= flushedBefore;
    const again = { thrown: NONE, weak: NONE };
    if (s.handler) {
      // what a handler calls to tell of a failure does not fail in its turn; what it throws passes the `finally` on its way out
      frame.handlers.push(again);
      end |= this.guarded(frame, s.handler, collector.thrown);
      frame.handlers.pop();
    }
    const escaping = s.handler ? again.thrown : collector.thrown;
    if (s.finalizer) {
      frame.finalizers.pop();
      frame.finishing++;
      end = this.block(frame, s.finalizer, end);
      if (escaping !== NONE) frame.throws(this.block(frame, s.finalizer, escaping));
      frame.finishing--;
    } else frame.throws(escaping);
    return end;
  }

  /** Code that runs because the program ends: a listener, or a function named for it. */
  isEnding(frame: Frame): boolean {
    if (frame.finishing > 0) return true;
    return (
      isClosingName(frame.fn.name ?? "") ||
      this.stack.some((s) => s.as === "listener" && s.event !== undefined)
    );
  }

  /** Waits for something unknown. */
  suspend(frame: Frame, states: States): States {
    frame.suspended |= states;
    return afterAwait(states);
  }

  /** Evaluates an expression for its effects, and for how it settles. */
  value(frame: Frame, e: Expr, states: States): Result {
    switch (e.k) {
      case "call":
        return evaluateCall(this, frame, e, states);
      case "await":
        return this.await(frame, e, states);
      case "set": {
        const result = this.value(
          frame,
          e.e,
          e.to.k === "mem" ? this.value(frame, e.to.o, states).states : states,
        );
        if (result.settle) this.remember(e.to, result.settle);
        if (e.op === "??=" || e.op === "||=" || e.op === "&&=")
          return { ...result, states: result.states | states };
        return result;
      }
      case "cond": {
        const test = this.value(frame, e.test, states).states;
        const always = this.world.always?.(e.test);
        if (always !== undefined) return this.value(frame, always ? e.then : e.else, test);
        return join(this.value(frame, e.then, test), this.value(frame, e.else, test));
      }
      case "logic": {
        const l = this.value(frame, e.l, states);
        const r = this.value(frame, e.r, l.states);
        if (e.op === "&&" && r.settle) return r; // `client && client.flush()`
        return join(l, r);
      }
      case "not":
      case "void":
      case "spread":
        return this.value(frame, e.e, states);
      case "cmp":
        return { states: this.value(frame, e.r, this.value(frame, e.l, states).states).states };
      case "obj":
      case "arr":
      case "seq": {
        const parts = e.k === "obj" ? e.props.map((p) => p.value) : e.k === "arr" ? e.items : e.es;
        let result: Result = { states };
        let settle: Settle | undefined;
        for (const p of parts) {
          result = this.value(frame, p, result.states);
          if (result.settle) settle = settle ? merge(settle, result.settle) : result.settle;
        }
        return settle ? { states: result.states, settle } : result;
      }
      case "mem": {
        const o = this.value(frame, e.o, states);
        const settle = this.recall(e);
        if (settle) return { states: o.states, settle: renewed(settle, o.states) };
        return e.p === "promise" && o.settle ? { states: o.states, settle: o.settle } : { states: o.states };
      }
      case "id": {
        const settle = e.bind ? this.pending.get(e.bind) : undefined;
        return settle ? { states, settle: renewed(settle, states) } : { states };
      }
      case "import": {
        if (e.specifier === undefined) return { states };
        const { top, starts } = this.world.loads(e.specifier, frame.fn.module);
        if (starts)
          this.hit({ kind: "start", at: e.at, fn: frame.fn, states, vendor: starts, inTimer: frame.inTimer });
        const before = starts ? afterStart(states) : states;
        return {
          states: top ? this.run(top, before, { call: undefined, fn: top, as: "call", at: e.at }).ok : before,
        };
      }
      case "class":
        return { states: declareClass(this, frame, e, states) };
      default:
        return { states };
    }
  }

  private await(frame: Frame, e: Expr & { k: "await" }, states: States): Result {
    const inner = this.value(frame, e.e, states);
    frame.suspended |= inner.states;
    if (e.e.k === "call" && awaitsNoPromise(this, frame, e.e, inner))
      drop(this, frame, e.e, states, "awaited");
    if (!inner.settle) {
      if (e.e.k === "import" || awaitsNothing(e.e)) return { states: inner.states };
      const after = afterAwait(inner.states);
      if (isClosing(e.e)) frame.throwsWeakly(after);
      else frame.throws(after);
      return { states: after };
    }
    frame.met |= inner.settle.ok;
    if (has(inner.settle.ok, State.Flushed) && isClosing(e.e)) frame.throwsWeakly(inner.settle.err);
    else frame.throws(inner.settle.err);
    if (has(inner.settle.ok, State.Flushed) && !has(states, State.Flushed)) frame.flushes = true;
    return { states: inner.settle.ok };
  }

  remember(to: Expr, settle: Settle): void {
    if (to.k === "id" && to.bind) this.pending.set(to.bind, settle);
    else if (to.k === "mem") {
      const key = fieldKey(to);
      if (key !== undefined) this.pendingFields.set(key, settle);
    }
  }

  recall(e: Expr): Settle | undefined {
    if (e.k === "id") return e.bind ? this.pending.get(e.bind) : undefined;
    const key = e.k === "mem" ? fieldKey(e) : undefined;
    return key === undefined ? undefined : this.pendingFields.get(key);
  }

  hit(hit: Omit<Hit, "stack" | "guards" | "loop" | "developing">): void {
    const { developing, guards } = this;
    this.world.hit({ ...hit, stack: [...this.stack], guards, loop: this.loopNow, developing });
  }
}
