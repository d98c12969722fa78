import type { Binding, Expr, Module } from "../../syntax/ir.js";
import { operandsOf } from "../../syntax/parts.js";
import type { Read } from "./assigned.js";
import { controlsOf } from "./controls.js";
import type { Evaluator } from "./evaluate.js";
import { unknown, type Held, type Holding } from "./holding.js";
import { expressionsIn } from "../walk.js";
import { isA } from "./wrapping.js";

const known = new WeakMap<Module, ReadonlySet<Binding>>();

/** The variables of a module that some `instanceof` asks about. */
function askedIn(module: Module): ReadonlySet<Binding> {
  let asked = known.get(module);
  if (!asked) {
    asked = new Set(
      expressionsIn(module).flatMap(({ e }) =>
        e.k === "cmp" && e.op === "instanceof" && e.l.k === "id" && e.l.bind ? [e.l.bind] : [],
      ),
    );
    known.set(module, asked);
  }
  return asked;
}

/** What a variable can still be where a test of its class has decided about the way there. */
export function narrowed(holding: Holding, bind: Binding, read: Read, evaluator: Evaluator): Holding {
  if (!askedIn(read.fn.module).has(bind)) return holding;
  let left = holding;
  for (const { test, turns, fn } of controlsOf(read)) {
    if (!reads(test, bind)) continue;
    const asked = turns === "asserted" ? undefined : askedBy(test, turns);
    if (asked?.of.k !== "id" || asked.of.bind !== bind) return unknown;
    const [type, ...others] = evaluator.of(asked.type, fn);
    if (!type || others.length > 0) return unknown;
    left = left.filter((h: Held) => isA(h, type, evaluator) === asked.holds || h.is === "unknown");
  }
  return left;
}

const reads = (e: Expr, bind: Binding): boolean =>
  (e.k === "id" && e.bind === bind) || operandsOf(e).some((o) => reads(o, bind));

function askedBy(test: Expr, holds: boolean): { of: Expr; type: Expr; holds: boolean } | undefined {
  if (test.k === "not") return askedBy(test.e, !holds);
  return test.k === "cmp" && test.op === "instanceof" ? { of: test.l, type: test.r, holds } : undefined;
}
