import type { Expr, Fn, Span, Stmt } from "../../syntax/ir.js";
import { operandsOf } from "../../syntax/parts.js";

/** Whether something has happened on the way to a place: on no way there, on some, on all. */
export type Passed = "no" | "maybe" | "yes";

/** A way out of a function that throws nothing. */
export interface Exit {
  /** What is returned; undefined where nothing is. */
  e: Expr | undefined;
  /** The `return`; undefined at the end of the body. */
  statement: (Stmt & { s: "return" }) | undefined;
  /** For each of the events, whether it has happened by then, the evaluation of what is returned included. */
  passed: readonly Passed[];
  /** The conditions of the branches that it stands in, the innermost last. */
  tests: readonly Expr[];
  at: Span;
}

type State = readonly Passed[];
/** No way leads here. */
type Reached = State | undefined;

/** Something that the evaluation of an expression, as such, may be. */
export type Event = (e: Expr) => boolean;

/** Every way out of a function by `return` or the end of its body; functions in it are not entered. */
export function exitsOf(fn: Fn, events: readonly Event[]): Exit[] {
  const walk = new Walk(events);
  const start: State = events.map(() => "no");
  const end = walk.list(fn.body, start, []);
  if (end) walk.exits.push({ e: undefined, statement: undefined, passed: end, tests: [], at: fn.at });
  return walk.exits;
}

class Walk {
  readonly exits: Exit[] = [];
  /** Where `break` and `continue` of the loops and switches around go on, the innermost last. */
  private readonly jumps: State[][] = [];

  constructor(private readonly events: readonly Event[]) {}

  list(body: readonly Stmt[], state: Reached, tests: readonly Expr[]): Reached {
    let at = state;
    for (const s of body) if (at) at = this.statement(s, at, tests);
    return at;
  }

  private statement(s: Stmt, state: State, tests: readonly Expr[]): Reached {
    switch (s.s) {
      case "expr":
        return this.evaluated(s.e, state);
      case "throw":
        return undefined;
      case "return": {
        const passed = s.e ? this.evaluated(s.e, state) : state;
        this.exits.push({ e: s.e, statement: s, passed, tests, at: s.at });
        return undefined;
      }
      case "if": {
        const tested = this.evaluated(s.test, state);
        const inner = [...tests, s.test];
        const then = this.list(s.then, tested, inner);
        return met(then, s.else ? this.list(s.else, tested, inner) : tested);
      }
      case "block":
        return this.list(s.body, state, tests);
      case "loop":
        return this.loop(s, state, tests);
      case "label":
        return this.jumping(s.body, state, tests);
      case "switch":
        return this.cases(s, this.evaluated(s.on, state), tests);
      case "try":
        return this.attempt(s, state, tests);
      case "break":
      case "continue":
        this.jumps.forEach((jumps) => jumps.push(state));
        return undefined;
    }
  }

  private loop(s: Stmt & { s: "loop" }, state: State, tests: readonly Expr[]): Reached {
    const before = s.test && !s.first ? this.evaluated(s.test, state) : state;
    const exits = this.exits.length;
    // the second round begins as the first one ended
    const again = met(before, this.jumping(s.body, before, tests)) ?? before;
    this.exits.splice(exits);
    const end = this.jumping(s.body, again, tests);
    return s.first ? end : met(before, end);
  }

  /** A body that can be left by a jump. */
  private jumping(body: readonly Stmt[], state: State, tests: readonly Expr[]): Reached {
    this.jumps.push([]);
    const end = this.list(body, state, tests);
    return (this.jumps.pop() ?? []).reduce<Reached>(met, end);
  }

  private cases(s: Stmt & { s: "switch" }, state: State, tests: readonly Expr[]): Reached {
    this.jumps.push([]);
    let end: Reached;
    const inner = [...tests, s.on];
    for (const { body } of s.cases) end = this.list(body, met(state, end), inner);
    const all = s.cases.some((c) => c.test === undefined) ? end : met(state, end);
    return (this.jumps.pop() ?? []).reduce<Reached>(met, all);
  }

  private attempt(s: Stmt & { s: "try" }, state: State, tests: readonly Expr[]): Reached {
    const first = this.exits.length;
    const block = this.list(s.block, state, tests);
    // whatever the block does may have happened when it throws
    const thrown = s.block.reduce<State>((at, inner) => this.partly(inner, at), state);
    const end = s.handler ? met(block, this.list(s.handler, thrown, tests)) : block;
    if (!s.finalizer) return end;
    for (const exit of this.exits.splice(first)) {
      // a `return` in `finally` takes the place of the other, and is found by this very walk
      const passed = this.list(s.finalizer, exit.passed, tests);
      if (passed) this.exits.push({ ...exit, passed });
    }
    return end && this.list(s.finalizer, end, tests);
  }

  /** The state when a statement has run, has not, or has left the function. */
  private partly(s: Stmt, state: State): State {
    const inner = new Walk(this.events);
    const end = inner.list([s], state, []);
    return [...inner.exits.map((e) => e.passed), end].reduce<Reached>(met, state) ?? state;
  }

  private evaluated(e: Expr, state: State): State {
    return state.map((passed, i) => then(passed, happens(e, this.events[i] as Event)));
  }
}

const then = (before: Passed, now: Passed): Passed =>
  before === "yes" || now === "yes" ? "yes" : before === "maybe" || now === "maybe" ? "maybe" : "no";

/** Where two ways meet. */
const met = (a: Reached, b: Reached): Reached =>
  a && b ? a.map((passed, i) => (passed === b[i] ? passed : "maybe")) : (a ?? b);

/** Whether the evaluation of an expression comes past an event. */
function happens(e: Expr, event: Event): Passed {
  if (event(e)) return "yes";
  if (e.k === "cond")
    return then(happens(e.test, event), either(happens(e.then, event), happens(e.else, event)));
  if (e.k === "logic") return then(happens(e.l, event), either(happens(e.r, event), "no"));
  return operandsOf(e).reduce<Passed>((passed, o) => then(passed, happens(o, event)), "no");
}

const either = (a: Passed, b: Passed): Passed => (a === b ? a : "maybe");
