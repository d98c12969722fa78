import { returnsOf } from "../../program/value-sets.js";
import type { Binding, Call, Expr, Fn } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import type { Evaluator } from "./evaluate.js";
import { either, unknown, type Env, type Holding } from "./holding.js";
import { expressionsIn } from "../walk.js";

const SAME_ITEMS = /^(filter|slice|reverse|toReversed|sort|toSorted|flat)$/;

/** What a method of a list hands back, when the items are run through one function after the other or stay what they are. */
export function listMethod(
  name: string,
  items: Holding,
  given: () => readonly Holding[],
  evaluator: Evaluator,
): Holding {
  if (SAME_ITEMS.test(name)) return [{ is: "list", items }];
  if (name !== "concat" && !/^reduce(Right)?$/.test(name)) return unknown;
  const args = given();
  if (name === "concat") {
    const more = args.flat().flatMap((h) => (h.is === "list" ? h.items : [h]));
    return [{ is: "list", items: either([items, more]) }];
  }
  const [step, start] = args;
  if (!step || !start) return unknown;
  const functions = step.filter((h) => h.is === "function");
  // one round more than there are links, as each link may stand at any place of the list
  return either([
    start,
    ...functions.flatMap((f) => items.map((item) => evaluator.invoke(f, [start, [item]]))),
  ]);
}

/** A `Proxy`, as it is evaluated. */
export interface Proxied {
  call: Call;
  fn: Fn;
  env: Env;
  target: Holding;
}

/** A `Proxy` is what its target is, unless its `get` trap shows only some names. */
export function shownBy({ call, fn, env, target }: Proxied, evaluator: Evaluator): Holding {
  const handler = call.args[1];
  const [traps] = handler ? evaluator.of(handler, fn, env) : [];
  if (traps?.is !== "object" || traps.obj.props.some((p) => p.name === undefined)) return unknown;
  const get = traps.obj.props.find((p) => p.name === "get")?.value;
  if (!get) return traps.obj.props.some((p) => p.name === "getPrototypeOf") ? unknown : target;
  if (get.k !== "fn") return unknown;
  const names = namesOf(get.fn);
  return names ? [{ is: "masked", target, names, call, fn, env }] : target;
}

/** The names that a `get` trap compares with; undefined when it hands on other names as well. */
function namesOf(trap: Fn): Set<string> | undefined {
  const [of, key] = trap.params.map((binds) => (binds.length === 1 ? binds[0] : undefined));
  if (!of || !key) return undefined;
  const handsOn = returnsOf(trap.body).some((e) => evaluates(e, (x) => readsAny(x, key)));
  if (handsOn) return undefined;
  const names = new Set<string>();
  for (const { e, fn } of expressionsIn(trap.module)) {
    if (fn !== trap) continue;
    if (e.k === "cmp" && isKey(e.l, key) && e.r.k === "lit") names.add(String(e.r.v));
    // anything but a comparison may hand on what it was asked for
    else if (usesKey(e, key)) return undefined;
  }
  return names.size > 0 ? names : undefined;
}

const isKey = (e: Expr, key: Binding): boolean => e.k === "id" && e.bind === key;

const readsAny = (e: Expr, key: Binding): boolean => isKey(e, key) || (e.k === "mem" && e.p === undefined);

const usesKey = (e: Expr, key: Binding): boolean =>
  (e.k === "call" && e.args.some((a) => isKey(a, key))) || (e.k === "mem" && e.p === undefined);
