import type { Call, Expr, Fn, Stmt } from "../syntax/ir.js";
import { expressionsOf, listsOf, operandsOf } from "../syntax/parts.js";
import type { Project } from "../program/project.js";
import { throws } from "./rejecting.js";
import { returnsOf } from "../program/value-sets.js";

/** How deep calls of the program are followed. */
const MAX_DEPTH = 4;

export interface WhatFails {
  /** Handing back the call of something unseen counts as work that can fail; `return res.json(...)` of a route does not. */
  returned: boolean;
}

/**
 * Whether a failure of the work of a function leaves it: as a rejection, or thrown. What a `catch` clause does besides its own
 * `throw` is taken to succeed, and so is waiting for a time, or for telemetry.
 */
export function failsUncaught(fn: Fn, project: Project, what: WhatFails): boolean {
  return new Uncaught(project, what).leaves(fn, 0);
}

/** An async function that fails uncaught, or one that hands back the promise of such a one: `() => poll()`. */
export const rejectsUncaught = (fn: Fn, project: Project, what: WhatFails): boolean =>
  fn.async
    ? failsUncaught(fn, project, what)
    : returnsOf(fn.body).some(
        (e) =>
          e.k === "call" &&
          functionsCalled(e, fn, project).some((f) => f.async && failsUncaught(f, project, what)),
      );

const functionsCalled = ({ callee }: Call, fn: Fn, project: Project): Fn[] =>
  callee.k === "fn"
    ? [callee.fn]
    : project.values.callee(callee, fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : []));

class Uncaught {
  private readonly seen = new Set<Fn>();

  constructor(
    private readonly project: Project,
    private readonly what: WhatFails,
  ) {}

  leaves(fn: Fn, depth: number): boolean {
    if (this.seen.has(fn)) return false;
    this.seen.add(fn);
    return this.escapes(fn.body, fn, depth);
  }

  private escapes(body: readonly Stmt[], fn: Fn, depth: number): boolean {
    return body.some((s) => {
      if (s.s === "throw") return true;
      if (s.s === "try")
        return s.handler ? throws(s.handler) : this.escapes([...s.block, ...(s.finalizer ?? [])], fn, depth);
      if (s.s === "loop" && s.awaits) return true;
      if (s.s === "return" && s.e && this.handsBack(s.e, fn, depth)) return true;
      return (
        expressionsOf(s).some((e) => this.evaluates(e, fn, depth)) ||
        listsOf(s).some((l) => this.escapes(l, fn, depth))
      );
    });
  }

  private handsBack(e: Expr, fn: Fn, depth: number): boolean {
    if (e.k !== "call") return false;
    const called = functionsCalled(e, fn, this.project);
    if (called.length > 0) return called.some((f) => f.async) && this.mayFail(e, fn, depth);
    return this.what.returned && this.mayFail(e, fn, depth);
  }

  private evaluates(e: Expr, fn: Fn, depth: number): boolean {
    if (e.k === "await" && this.mayFail(e.e, fn, depth)) return true;
    return operandsOf(e).some((o) => this.evaluates(o, fn, depth));
  }

  /** Whether what is waited for can reject. */
  private mayFail(e: Expr, fn: Fn, depth: number): boolean {
    if (e.k === "lit" || e.k === "obj" || e.k === "import") return e.k === "import";
    if (e.k === "arr") return e.items.some((i) => this.mayFail(i, fn, depth));
    if (e.k !== "call") return true;
    const { callee, args } = e;
    if (isWaiting(e)) return false;
    if (callee.k === "mem") {
      if (callee.p === "allSettled") return false;
      if (callee.p === "finally") return this.mayFail(callee.o, fn, depth);
      if (callee.p === "catch" || (callee.p === "then" && args[1])) {
        const handler = callee.p === "catch" ? args[0] : args[1];
        return handler?.k === "fn" && throws(handler.fn.body);
      }
      if (callee.p === "then")
        return this.mayFail(callee.o, fn, depth) || args.some((a) => this.runs(a, fn, depth));
      // `Promise.all(list.map(async (one) => ...))`
      if (callee.o.k === "id" && callee.o.name === "Promise" && callee.p !== "reject")
        return args.some((a) => this.mayFail(a, fn, depth));
      if (callee.p === "map" && args[0]?.k === "fn") return this.runs(args[0], fn, depth);
    }
    const values = this.project.values.callee(callee, fn.module);
    if (values.some((v) => v.v === "sdk" || v.v === "member" || v.v === "exit")) return false;
    const called = functionsCalled(e, fn, this.project);
    // a function that was handed in may see to its failures itself
    if (called.length === 0 && callee.k === "id" && callee.bind?.kind === "param") return false;
    if (called.length === 0 || depth >= MAX_DEPTH) return true;
    return called.some((f) => this.leaves(f, depth + 1) || (!f.async && this.givesPromise(f, depth + 1)));
  }

  private runs(e: Expr, fn: Fn, depth: number): boolean {
    return e.k === "fn" && (e.fn.async ? this.leaves(e.fn, depth + 1) : this.givesPromise(e.fn, depth + 1));
  }

  /** A function that hands back a promise: of a call, or one that it makes. */
  private givesPromise(fn: Fn, depth: number): boolean {
    return returnsOf(fn.body).some((e) => e.k === "call" && this.mayFail(e, fn, depth));
  }
}

const WAITS = /^(sleep|delay|wait|pause|timeout|setTimeout|setImmediate|nextTick|tick)$/i;

/** `await sleep(500)`, `await new Promise((resolve) => setTimeout(resolve, 500))`. */
function isWaiting({ callee, args, isNew }: Call): boolean {
  const name = callee.k === "id" ? callee.name : callee.k === "mem" ? callee.p : undefined;
  const [executor] = args;
  if (isNew && name === "Promise") return executor?.k === "fn" && executor.fn.params.length < 2;
  return name !== undefined && WAITS.test(name);
}
