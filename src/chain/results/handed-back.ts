import type { Project } from "../../program/project.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Binding, Call, Expr, Fn, Span } from "../../syntax/ir.js";
import { callsIn, callsOriginal, choicesOf, functionOf, readsOf, unbound } from "../originals.js";
import { calledName } from "../spans.js";

/** A plain promise that a replacement hands back in place of the original's result. */
export interface PlainPromise {
  /** `async`: a function that can return nothing else. `chained`: what `.then()` gives. `anew`: made with `new Promise`. */
  how: "async" | "chained" | "anew";
  fn: Fn;
  at: Span;
  /** For `chained` and `anew`: the call. */
  call?: Call;
}

/**
 * What an expression is to the original: itself, what it gave, something that was made from that with care (a `Proxy` of it, a promise
 * that was given its members), a function that hands that back, or a plain promise in its place.
 */
type Kind =
  { is: "original" | "result" | "kept" } | { is: "thunk"; fn: Fn } | { is: "plain"; promise: PlainPromise };

/** What some variables are known to be, inside of functions that were handed the original or its result. */
interface Known {
  isOriginal: (e: Expr) => boolean;
  variables: ReadonlyMap<Binding, Kind>;
  depth: number;
}

const CHAINS = new Set(["then", "catch", "finally"]);

/** What runs a function at once and hands back what it gives, the promise itself. */
const RUNS =
  /^(?:with|run|runStores|runInAsyncScope|safeExecuteInTheMiddle|startActiveSpan|startSpan|startSpanManual)$/;

/** What makes one thing look like another. */
const DRESSES = /^(?:assign|defineProperty|defineProperties|setPrototypeOf)$/;

const MAX_DEPTH = 20;

/** The plain promises that a replacement hands back where it calls the original. */
export function plainPromisesOf(fn: Fn, isOriginal: (e: Expr) => boolean, project: Project): PlainPromise[] {
  return returned(fn, { isOriginal, variables: new Map(), depth: 0 }, project).flatMap((kind) =>
    kind?.is === "plain" ? [kind.promise] : [],
  );
}

/** Whether an expression in a replacement is what the original gave. */
export const isResult = (e: Expr, fn: Fn, isOriginal: (e: Expr) => boolean, project: Project): boolean =>
  kindOf(e, fn, { isOriginal, variables: new Map(), depth: 0 }, project)?.is === "result";

/** What a function hands back; one that is `async` and calls the original, a plain promise. */
function returned(fn: Fn, known: Known, project: Project): (Kind | undefined)[] {
  if (fn.generator || known.depth > MAX_DEPTH) return [undefined];
  if (fn.async)
    return touches(fn, known) ? [{ is: "plain", promise: { how: "async", fn, at: fn.at } }] : [undefined];
  return returnsOf(fn.body)
    .flatMap(choicesOf)
    .map((e) => kindOf(e, fn, known, project));
}

/** Whether a function, or one in it, calls the original, hands it on, or works with what it gave. */
const touches = (fn: Fn, known: Known): boolean =>
  callsIn(fn).some(
    (call) =>
      callsOriginal(call, (e) => isOriginal(e, known)) ||
      [call.callee, ...call.args].some(
        (e) => isOriginal(e, known) || (e.k === "id" && variable(e, known) !== undefined),
      ),
  );

const isOriginal = (e: Expr, known: Known): boolean =>
  known.isOriginal(e) ||
  [...known.variables].some(([bind, kind]) => kind.is === "original" && readsOf(bind)(e));

const variable = (e: Expr, known: Known): Kind | undefined =>
  e.k === "id" && e.bind ? known.variables.get(e.bind) : undefined;

function kindOf(e: Expr, fn: Fn, known: Known, project: Project): Kind | undefined {
  const deeper = { ...known, depth: known.depth + 1 };
  if (known.depth > MAX_DEPTH) return undefined;
  const told = variable(e, known);
  if (told) return told;
  if (isOriginal(e, known)) return { is: "original" };
  if (e.k === "id") return ofVariable(e.bind, fn, deeper, project);
  if (e.k === "set") return kindOf(e.e, fn, deeper, project);
  return e.k === "call" ? ofCall(e, fn, deeper, project) : undefined;
}

/** A variable is what all of its values are; one of them that is nothing known makes it nothing known. */
function ofVariable(bind: Binding | undefined, fn: Fn, known: Known, project: Project): Kind | undefined {
  if (bind?.kind !== "var") return undefined;
  const kinds = bind.values
    .filter((v) => v.k !== "lit")
    .flatMap(choicesOf)
    .map((v) => kindOf(v, fn, known, project));
  if (kinds.some((k) => k === undefined)) return undefined;
  return kinds.find((k) => k?.is === "plain") ?? kinds[0];
}

function ofCall(call: Call, fn: Fn, known: Known, project: Project): Kind | undefined {
  const { callee, args } = call;
  if (callsOriginal(call, (e) => isOriginal(e, known))) return { is: "result" };
  const chained = ofChain(call, fn, known, project);
  if (chained) return chained;
  const name = calledName(call) ?? "";
  if (call.isNew && name === "Proxy") return { is: "kept" };
  if (DRESSES.test(name)) return args[0] && kindOf(args[0], fn, known, project) ? { is: "kept" } : undefined;
  if (call.isNew) return ofExecutor(call, fn, known);
  // `context.bind(context, promise)` hands back the promise
  if (name === "bind" && args[1]) {
    const kind = kindOf(args[1], fn, known, project);
    return kind?.is === "plain" || kind?.is === "result" ? kind : undefined;
  }
  if (RUNS.test(name) && args.some((a) => isOriginal(a, known))) return { is: "result" };
  const thunk = variable(callee, known);
  const run =
    thunk?.is === "thunk"
      ? thunk.fn
      : [callee, ...(RUNS.test(name) ? args : [])].map(functionOf).find((f) => f && touches(f, known));
  return run ? first(returned(run, known, project)) : ofHelper(call, fn, known, project);
}

/** `.then()` of what the original gave. */
function ofChain(call: Call, fn: Fn, known: Known, project: Project): Kind | undefined {
  const { callee } = call;
  if (callee.k !== "mem" || !CHAINS.has(callee.p ?? "")) return undefined;
  const kind = kindOf(callee.o, fn, known, project);
  if (kind?.is === "plain" && kind.promise.how !== "chained") return kind;
  return kind?.is === "plain" || kind?.is === "result"
    ? { is: "plain", promise: { how: "chained", fn, at: call.at, call } }
    : undefined;
}

/** `new Promise((resolve, reject) => original().then(resolve, reject))`. */
function ofExecutor(call: Call, fn: Fn, known: Known): Kind | undefined {
  const executor = call.args[0] && functionOf(call.args[0]);
  const isPromise =
    call.callee.k === "id" && call.callee.name === "Promise" && call.callee.bind === undefined;
  return isPromise && executor && touches(executor, known)
    ? { is: "plain", promise: { how: "anew", fn, at: call.at, call } }
    : undefined;
}

/** A function of the program that is handed the original, its result, or a function that calls it. */
function ofHelper(call: Call, fn: Fn, known: Known, project: Project): Kind | undefined {
  const handed = call.args.map((a) => kindOf(unbound(a), fn, known, project) ?? thunkOf(a, known));
  if (!handed.some((k) => k)) return undefined;
  const helpers = project.values.of(call.callee, fn.module).flatMap((v) => (v.v === "fn" ? [v.fn] : []));
  const [helper] = helpers;
  if (!helper || helpers.length > 1) return undefined;
  const variables = new Map(known.variables);
  handed.forEach((kind, index) => {
    const [bind, ...more] = helper.params[index] ?? [];
    const takesAll = helper.rest && index >= helper.params.length - 1;
    if (kind && bind && more.length === 0 && !takesAll) variables.set(bind, kind);
  });
  return variables.size > known.variables.size
    ? first(returned(helper, { ...known, variables }, project))
    : undefined;
}

function thunkOf(e: Expr, known: Known): Kind | undefined {
  const fn = functionOf(e);
  return fn && touches(fn, known) ? { is: "thunk", fn } : undefined;
}

/** A plain promise among what a function hands back, unless it knows better; else what it hands back, when that is one and the same. */
function first(kinds: readonly (Kind | undefined)[]): Kind | undefined {
  if (kinds.some((k) => k?.is === "kept")) return { is: "kept" };
  const plain = kinds.find((k) => k?.is === "plain");
  return plain ?? (kinds.every((k) => k?.is === "result") ? kinds[0] : undefined);
}
