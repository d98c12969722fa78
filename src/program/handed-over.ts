import type { Value } from "../facts/value.js";
import type { Binding, Call, Expr, Fn, Module } from "../syntax/ir.js";
import type { Values } from "./values.js";

/** A parameter in another file to which a call hands something. */
export interface HandedOver {
  fn: Fn;
  bind: Binding;
  values: Value[];
}

/**
 * What the calls of a module hand to functions and constructors of other files, where a handle of an SDK is in it, by its
 * name or in a list or table that is written there: `new Lifecycle(sdk)`, `stopOn("SIGTERM", { telemetry: sdk })`.
 */
export function handedOver(module: Module, values: Values): HandedOver[] {
  const holds = (e: Expr): boolean => {
    if (e.k === "arr") return e.items.some(holds);
    if (e.k === "obj") return e.props.some((p) => holds(p.value));
    return (
      e.k === "id" &&
      e.bind !== undefined &&
      values.of(e, module).some((v) => v.v === "sdk" && v.sdk.is === "handle")
    );
  };

  return module.calls.flatMap(({ call }) =>
    call.args.flatMap((argument, index) =>
      holds(argument) ? parametersAt(call, index, module, values).flatMap(taking) : [],
    ),
  );

  function taking({ fn, index, argument }: Taker): HandedOver[] {
    const passed = values.of(argument, module);
    return (fn.params[index] ?? []).map((bind) => ({
      fn,
      bind,
      values: (bind.param?.path ?? []).reduce(
        (from, name) => from.flatMap((v) => values.member(v, name, module, undefined)),
        passed,
      ),
    }));
  }
}

interface Taker {
  fn: Fn;
  index: number;
  argument: Expr;
}

/** The functions and constructors of other files that a call comes to. */
function parametersAt(call: Call, index: number, module: Module, values: Values): Taker[] {
  const argument = call.args[index];
  if (!argument) return [];
  return values.callee(call.callee, module).flatMap((v): Taker[] => {
    const fn = v.v === "fn" ? v.fn : v.v === "class" && call.isNew ? constructorOf(v, values) : undefined;
    return fn && fn.module !== module ? [{ fn, index, argument }] : [];
  });
}

/** The constructor of a class, or the one that it has from another. */
function constructorOf({ cls }: Extract<Value, { v: "class" }>, values: Values, depth = 0): Fn | undefined {
  if (cls.ctor || !cls.superClass || depth > 6) return cls.ctor;
  const [parent] = values.of(cls.superClass, cls.module);
  return parent?.v === "class" ? constructorOf(parent, values, depth + 1) : undefined;
}
