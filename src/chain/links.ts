import { returnsOf } from "../program/value-sets.js";
import type { Project } from "../program/project.js";
import type { Binding, Call, Cls, Expr, Fn, Module, Span } from "../syntax/ir.js";
import { isSame, originOf } from "./same.js";
import { putsOf, variablesOf } from "./walk.js";

/**
 * A function that stands in the place of another one, the original.
 * `wrap`: handed to `shimmer.wrap`, `this._wrap`, `fill` and their like. `saved`: put over a member that was saved before.
 * `trap`: a trap of a `Proxy`. `override`: a method that calls `super`'s of the same name. `descriptor`: a decorator puts it
 * into a property descriptor. `around`: returned by a function that was given the original as a parameter, wherever that goes.
 */
export interface Link {
  by: "wrap" | "saved" | "trap" | "override" | "descriptor" | "around";
  /** The replacement. */
  fn: Fn;
  /** Whether an expression, as it stands in the replacement, is the original. */
  isOriginal: (e: Expr) => boolean;
  /** The name of what is replaced, when it is written out (`emit`); for `trap` the trap's (`apply`). */
  name: string | undefined;
  /** The object whose member is replaced, or the target of the `Proxy`. */
  of: Expr | undefined;
  /** Where it is put in place. */
  at: Span;
  /** The call that puts it in place, where there is one. */
  call: Call | undefined;
  /** The function that is given the original and returns the replacement. */
  maker: Fn | undefined;
}

/** Functions that put a wrapper over a member: `(object, name, original => replacement)`. */
const WRAPS = /^(_?wrap|_?massWrap|fill|shimmerWrap|_?wrapMethod|patch)$/;

/** Every link of a module, in the order of the text. A function that stands at several places is told for each. */
export function linksOf(module: Module, project: Project): Link[] {
  let links = known.get(module);
  if (!links) {
    links = [
      ...module.calls.flatMap(({ call }) => [...wrapped(call, module, project), ...trapped(call)]),
      ...saved(module),
      ...overriding(module),
      ...around(module),
    ].sort((a, b) => a.fn.at[0] - b.fn.at[0]);
    known.set(module, links);
  }
  return links;
}

const known = new WeakMap<Module, Link[]>();

const calleeName = ({ callee }: Call): string | undefined =>
  callee.k === "id" ? callee.name : callee.k === "mem" ? callee.p : undefined;

const literalName = (e: Expr | undefined): string | undefined =>
  e?.k === "lit" && typeof e.v === "string" ? e.v : undefined;

/** `shimmer.wrap(http, "get", (original) => function (...args) { ... })`; the maker may be a function or method of the program. */
function wrapped(call: Call, module: Module, project: Project): Link[] {
  const [of, name, maker] = call.args;
  if (!of || !name || !maker || !WRAPS.test(calleeName(call) ?? "")) return [];
  return project.values.of(maker, module).flatMap((v) => {
    const original = v.v === "fn" ? v.fn.params[0]?.[0] : undefined;
    if (v.v !== "fn" || !original || v.fn.params[0]?.length !== 1) return [];
    return functionsReturnedBy(v.fn).map((fn) => ({
      by: "wrap" as const,
      fn,
      isOriginal: readsOf(original),
      name: literalName(name),
      of,
      at: call.at,
      call,
      maker: v.fn,
    }));
  });
}

/** A variable, or a constant that is another name of it, maybe bound to an object. */
const readsOf =
  (bind: Binding) =>
  (e: Expr): boolean => {
    const origin = originOf(e);
    if (origin.k === "call" && origin.callee.k === "mem" && origin.callee.p === "bind")
      return readsOf(bind)(origin.callee.o);
    return origin.k === "id" && origin.bind === bind;
  };

/** The functions that a function returns: written there, or by the name of a function or constant in it. */
export function functionsReturnedBy(fn: Fn): Fn[] {
  return returnsOf(fn.body).flatMap((e) => {
    const origin = originOf(e);
    if (origin.k === "fn") return [origin.fn];
    const declared =
      origin.k === "id" && origin.bind?.kind === "function" ? origin.bind.values[0] : undefined;
    return declared?.k === "fn" ? [declared.fn] : [];
  });
}

const TRAPS = new Set(["apply", "construct", "get"]);

/** `new Proxy(target, { apply(target, thisArg, args) { ... } })`. */
function trapped(call: Call): Link[] {
  const [target, handler] = call.args;
  if (!call.isNew || calleeName(call) !== "Proxy" || !target || !handler) return [];
  const traps = originOf(handler);
  if (traps.k !== "obj") return [];
  return traps.props.flatMap(({ name, value }) => {
    if (name === undefined || value.k !== "fn" || !TRAPS.has(name)) return [];
    const own = value.fn.params[0]?.[0];
    return [
      {
        by: "trap" as const,
        fn: value.fn,
        isOriginal: (e: Expr) =>
          (own !== undefined && readsOf(own)(e)) || isSame(originOf(e), originOf(target)),
        name,
        of: target,
        at: call.at,
        call,
        maker: undefined,
      },
    ];
  });
}

/** `const original = x.m; ... x.m = function () { ... }`, and the same with a property descriptor's value. */
function saved(module: Module): Link[] {
  const originals = new Map<Binding, Expr>();
  for (const bind of variablesOf(module)) {
    const [value] = bind.values;
    if (!value || bind.values.length !== 1) continue;
    const from = unbound(value);
    if (from.k === "mem" && from.p !== undefined) originals.set(bind, from);
  }
  if (originals.size === 0) return [];
  return putsOf(module).flatMap(({ to, e, at }) => {
    const replacement = originOf(e);
    const declared =
      replacement.k === "id" && replacement.bind?.kind === "function"
        ? replacement.bind.values[0]
        : replacement;
    if (declared?.k !== "fn") return [];
    const binds = [...originals].filter(([, from]) => isSame(from, to)).map(([bind]) => bind);
    if (binds.length === 0) return [];
    return [
      {
        by: to.p === "value" ? ("descriptor" as const) : ("saved" as const),
        fn: declared.fn,
        isOriginal: (x: Expr) => binds.some((bind) => readsOf(bind)(x)),
        name: to.p,
        of: to.o,
        at,
        call: undefined,
        maker: undefined,
      },
    ];
  });
}

/** `x.m.bind(x)` is `x.m`. */
const unbound = (e: Expr): Expr =>
  e.k === "call" && !e.isNew && e.callee.k === "mem" && e.callee.p === "bind" ? e.callee.o : e;

/** A method that calls the method of the same name of the class that it extends. */
function overriding(module: Module): Link[] {
  return module.classes.flatMap((cls: Cls) => {
    if (!cls.superClass) return [];
    return [...cls.members.values()].flatMap((member): Link[] => {
      const { fn, name } = member;
      if (!fn || fn.kind !== "method") return [];
      const isOriginal = (e: Expr): boolean => e.k === "mem" && e.o.k === "super" && e.p === name;
      const calls = module.calls.some(
        ({ call, fn: at }) => isWithin(at, fn) && (isOriginal(call.callee) || isForwarded(call, isOriginal)),
      );
      if (!calls) return [];
      return [
        { by: "override", fn, isOriginal, name, of: undefined, at: fn.at, call: undefined, maker: undefined },
      ];
    });
  });
}

const isForwarded = (call: Call, isOriginal: (e: Expr) => boolean): boolean =>
  call.callee.k === "mem" && isOriginal(call.callee.o);

/** Whether a function is this one, or stands in it. */
export function isWithin(fn: Fn, outer: Fn): boolean {
  for (let f: Fn | undefined = fn; f; f = f.parent) if (f === outer) return true;
  return false;
}

/** `function traced(handler) { return function (...args) { return handler.apply(this, args) } }`. */
function around(module: Module): Link[] {
  return module.fns.flatMap((maker) =>
    functionsReturnedBy(maker).flatMap((fn) =>
      maker.params.flatMap((binds): Link[] => {
        const [bind] = binds;
        if (!bind || binds.length !== 1 || !isWithin(fn, maker)) return [];
        const isOriginal = readsOf(bind);
        const calls = module.calls.some(
          ({ call, fn: at }) => isWithin(at, fn) && callsOriginal(call, isOriginal),
        );
        if (!calls) return [];
        return [
          {
            by: "around",
            fn,
            isOriginal,
            name: undefined,
            of: undefined,
            at: maker.at,
            call: undefined,
            maker,
          },
        ];
      }),
    ),
  );
}

/**
 * Whether a call runs the original: `original(...)`, `original.call(...)`, `original.apply(...)`, `Reflect.apply(original, ...)`,
 * `new original(...)`, `Reflect.construct(original, ...)`.
 */
export function callsOriginal(call: Call, isOriginal: Link["isOriginal"]): boolean {
  const { callee } = call;
  if (isOriginal(callee)) return true;
  if (callee.k !== "mem") return false;
  if (callee.p === "call" || callee.p === "apply") return isOriginal(callee.o);
  const reflect = callee.o.k === "id" && callee.o.name === "Reflect" && callee.o.bind === undefined;
  const [first] = call.args;
  return (
    reflect && (callee.p === "apply" || callee.p === "construct") && first !== undefined && isOriginal(first)
  );
}
