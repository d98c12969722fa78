import type { Call, Expr, Fn, Module } from "../../syntax/ir.js";
import { isSame, originOf } from "../same.js";

/** `new Proxy(target, { get(target, key, receiver) { ... } })`. */
export interface ProxyMade {
  call: Call;
  /** The function that makes it. */
  fn: Fn;
  target: Expr;
  /** The traps that are written out, by their names. */
  traps: ReadonlyMap<string, Fn>;
}

/** Every `Proxy` of a module whose handler is written out there, as `new Proxy` or by `Proxy.revocable`. */
export const proxiesOf = (module: Module): ProxyMade[] =>
  module.calls.flatMap(({ call, fn }) => {
    const [target, handler] = call.args;
    const traps = handler && originOf(handler);
    if (!target || traps?.k !== "obj" || !makesProxy(call)) return [];
    const named = traps.props.flatMap(({ name, value }) => {
      const trap = originOf(value);
      return name !== undefined && trap.k === "fn" ? [[name, trap.fn] as const] : [];
    });
    return [{ call, fn, target, traps: new Map(named) }];
  });

const isGlobal = (e: Expr, name: string): boolean => e.k === "id" && e.name === name && !e.bind;

const makesProxy = ({ callee, isNew }: Call): boolean =>
  isNew
    ? isGlobal(callee, "Proxy")
    : callee.k === "mem" && callee.p === "revocable" && isGlobal(callee.o, "Proxy");

/** Whether an expression in a trap is the target: its first parameter, or what the `Proxy` was made around. */
export function isTarget(e: Expr, { target }: ProxyMade, trap: Fn): boolean {
  const origin = originOf(e);
  const own = trap.params[0];
  if (origin.k === "id" && own?.length === 1 && origin.bind === own[0]) return true;
  return (origin.k === "id" || origin.k === "mem" || origin.k === "this") && isSame(origin, originOf(target));
}

/** `Reflect.get`, `Reflect.construct`: the name of the member of `Reflect` that is called. */
export const reflected = ({ callee, isNew }: Call): string | undefined =>
  !isNew && callee.k === "mem" && isGlobal(callee.o, "Reflect") ? callee.p : undefined;
