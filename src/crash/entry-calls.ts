import type { Call, Expr, Fn, Module, Span, Stmt } from "../syntax/ir.js";
import { listsOf } from "../syntax/parts.js";
import type { Project } from "../program/project.js";

/** A call at the top level of an entry that sets the program to work, and who takes its failure. */
export interface EntryCall {
  /** `main()`. */
  call: Call;
  /** The whole chain. */
  at: Span;
  /** The asynchronous function of the program behind it. */
  fn: Fn;
  /** `floating`: nobody. `awaited`: the top level. `handled`: a function of its chain. `tried`: a `try` around it. */
  taken: "floating" | "awaited" | "handled" | "tried";
  /** What the chain gives to `finally`. */
  lastly?: Expr;
  /** For `handled`: what the chain gives to `catch`, or second to `then`. */
  handler?: Expr;
  /** For `tried`: the `try`. */
  attempt?: Stmt & { s: "try" };
}

/** The calls of asynchronous functions of the program that stand at the top level of a module. */
export function entryCalls(module: Module, project: Project): EntryCall[] {
  const found: EntryCall[] = [];
  collect(module.top.body, undefined, module, project, found);
  return found;
}

function collect(
  body: readonly Stmt[],
  attempt: (Stmt & { s: "try" }) | undefined,
  module: Module,
  project: Project,
  found: EntryCall[],
): void {
  for (const s of body) {
    if (s.s === "expr") {
      const one = entryOf(s.e, module, project);
      if (one) found.push(one.taken === "awaited" && attempt ? { ...one, taken: "tried", attempt } : one);
    } else if (s.s === "try") {
      collect(s.block, s.handler ? s : attempt, module, project, found);
    } else if (s.s !== "loop") {
      for (const list of listsOf(s)) collect(list, attempt, module, project, found);
    }
  }
}

function entryOf(e: Expr, module: Module, project: Project): EntryCall | undefined {
  if (e.k === "await") return started(e.e, module, project, "awaited");
  if (e.k === "void") return started(e.e, module, project, "floating");
  // `const app = await start()`
  if (e.k === "set" && e.e.k === "await") return started(e.e.e, module, project, "awaited");
  return started(e, module, project, "floating");
}

function started(
  e: Expr,
  module: Module,
  project: Project,
  otherwise: "floating" | "awaited",
): EntryCall | undefined {
  if (e.k !== "call") return undefined;
  let handler: Expr | undefined;
  let lastly: Expr | undefined;
  let call = e;
  for (let link = linkOf(call); link; link = linkOf(call)) {
    handler ??= link.handler;
    lastly ??= link.lastly;
    call = link.from;
  }
  const fn = call.callee.k === "fn" ? call.callee.fn : functionBehind(call.callee, module, project);
  if (fn?.async !== true) return undefined;
  const about = { call, fn, at: e.at, ...(lastly ? { lastly } : {}) };
  return handler ? { ...about, taken: "handled", handler } : { ...about, taken: otherwise };
}

/** One link of a chain: `main().then(...)`, `.catch(...)`. The last one that takes a failure is the one that counts. */
function linkOf({
  callee,
  args,
}: Call): { from: Call; handler?: Expr | undefined; lastly?: Expr | undefined } | undefined {
  if (callee.k !== "mem" || callee.o.k !== "call") return undefined;
  const from = callee.o;
  if (callee.p === "catch") return { from, handler: args[0] };
  if (callee.p === "then") return { from, handler: args[1] };
  return callee.p === "finally" ? { from, lastly: args[0] } : undefined;
}

function functionBehind(callee: Expr, module: Module, project: Project): Fn | undefined {
  const values = project.values.callee(callee, module);
  const [only] = values;
  return values.length === 1 && only?.v === "fn" ? only.fn : undefined;
}
