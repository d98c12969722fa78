import type { Call, Fn } from "../../syntax/ir.js";
import { listMethod, shownBy } from "./built-in.js";
import type { Evaluator } from "./evaluate.js";
import { either, unknown, type Env, type Held, type Holding } from "./holding.js";

/** What a call or a construction can hand back. */
export function called(call: Call, fn: Fn, env: Env, evaluator: Evaluator): Holding {
  const { callee, isNew } = call;
  // most calls are of unknown functions: what those are given is not worth the way
  const args = (): Holding[] => call.args.map((a) => evaluator.of(a, fn, env));
  const first = (): Holding => (call.args[0] ? evaluator.of(call.args[0], fn, env) : []);
  const result = (held: Held, on?: Held): Holding => {
    if (held.is === "class" && isNew) return [{ is: "instance", cls: held.cls, given: args(), call, fn }];
    if (held.is === "package" && isNew) return [{ is: "foreign", of: held.of, call, fn }];
    return held.is === "function" && !isNew ? evaluator.invoke(held, args(), on) : unknown;
  };
  if (callee.k === "id" && !callee.bind)
    return isNew && callee.name === "Proxy"
      ? shownBy({ call, fn, env, target: first() }, evaluator)
      : unknown;
  if (callee.k !== "mem" || callee.p === undefined)
    return either(evaluator.of(callee, fn, env).map((held) => result(held)));
  const { o, p } = callee;
  if (o.k === "id" && !o.bind) {
    const path = `${o.name}.${p}`;
    if (path === "Promise.resolve") return [{ is: "promise", of: first() }];
    return path === "Object.freeze" || path === "Object.assign" ? first() : unknown;
  }
  return either(
    evaluator.of(o, fn, env).map((on) => {
      if (on.is === "list") return listMethod(p, on.items, args, evaluator);
      if (on.is === "function" && p === "bind") return [on];
      return either(evaluator.member(on, p).map((held) => result(held, on)));
    }),
  );
}
