import type { Hit } from "../flow/world.js";
import type { Expr, Fn, Span } from "../syntax/ir.js";
import type { Values } from "../program/values.js";
import { rootsOf } from "../program/roots.js";
import { areAlternatives, leavesBefore } from "../program/branches.js";

/** The ways to two hits part in one function, in branches of which only one runs: `if (isDaemon) await import("./daemon.js"); else main()`. */
export function areApart(a: Hit, b: Hit): boolean {
  const [from, to] = [placesOf(a), placesOf(b)];
  for (const [i, one] of from.entries()) {
    const other = to[i];
    if (!one || !other || one.fn !== other.fn) return false;
    if (one.at === other.at || (one.at[0] === other.at[0] && one.at[1] === other.at[1])) continue;
    const { body } = one.fn;
    return areAlternatives(body, one.at, other.at) || leavesBefore(body, one.at, other.at, []);
  }
  return false;
}

/**
 * A class is made without any of the options that it takes, and what it starts stands behind a condition:
 * `export const client = new Client()`, which observes itself only where it is told to.
 */
export const isUntold = ({ stack, guards }: Hit): boolean =>
  stack.some(
    ({ call, fn, guards: around = 0 }) =>
      call?.isNew === true && call.args.length === 0 && fn.params.length > 0 && guards > around,
  );

/** Functions that somebody else calls, each for itself: handlers of two commands, in two files or in two tables of one. */
export function areOfTwoHandlers(a: Hit, b: Hit, values: Values): boolean {
  const [one, other] = [a.stack[0], b.stack[0]];
  if (one?.as !== "callback" || other?.as !== "callback") return false;
  if (one.fn.module !== other.fn.module) return true;
  if (one.fn === other.fn) return false;
  const [from, to] = [commandsOf(one.fn, values), commandsOf(other.fn, values)];
  return from.length > 0 && to.length > 0 && !from.some((table) => to.includes(table));
}

type Table = Expr & { k: "obj" };

/**
 * `const start = { command: "start", builder, handler: async (argv) => { ... } }`: the tables of commands whose handlers a function
 * is or is called by; none where something else comes to it as well.
 */
function commandsOf(fn: Fn, values: Values): Table[] {
  const tables = (e: Expr): Table[] => (e.k === "obj" ? [e, ...e.props.flatMap((p) => tables(p.value))] : []);
  const commands = fn.module.bindings
    .flatMap((b) => b.values.flatMap(tables))
    .filter(({ props }) => props.some((p) => p.name !== undefined && DESCRIBES.test(p.name)));
  const found = rootsOf(fn, (callee, module) => values.callee(callee, module)).map((root) =>
    commands.find(({ props }) => props.some((p) => p.value.k === "fn" && p.value.fn === root)),
  );
  return found.includes(undefined) ? [] : found.filter((t) => t !== undefined);
}

/** In one function that somebody else calls, the exit stands before the call that comes to the start. */
export function isBeforeStart(exit: Hit, start: Hit): boolean {
  const [root, other] = [exit.stack[0], start.stack[0]];
  if (root?.as !== "callback" || other?.as !== "callback" || root.fn !== other.fn) return false;
  if (exit.loop || exit.stack.some((s, i) => s.looped === true || (i > 0 && s.as !== "call"))) return false;
  const [from, to] = [placesOf(exit), placesOf(start)];
  for (const [i, one] of from.entries()) {
    const then = to[i];
    if (!one || !then || one.fn !== then.fn) return false;
    if (one.at[0] !== then.at[0] || one.at[1] !== then.at[1]) return one.at[1] <= then.at[0];
  }
  return false;
}

const DESCRIBES = /^(command|describe|description|builder|aliases|usage)$/;

interface Place {
  fn: Fn;
  at: Span;
}

/** Where the path stands in each of the functions that it goes through; as far as it is known. */
function placesOf({ stack, fn, at }: Hit): (Place | undefined)[] {
  const [first, ...rest] = stack;
  if (!first) return [{ fn, at }];
  const places: (Place | undefined)[] = rest.map((step, i) => {
    const span = step.call?.at ?? step.at;
    const outer = stack[i]?.fn;
    return span && outer ? { fn: outer, at: span } : undefined;
  });
  return [...places, { fn, at }];
}
