import type { Binding, Cls, Expr, Fn, Span } from "../syntax/ir.js";
import { readingsOf } from "./asked.js";
import type { Evaluator } from "./evaluate.js";
import type { Held, Holding } from "./holding.js";
import { isWithin } from "./originals.js";
import { lineOf, namesOf } from "./own-members.js";
import { isSame, originOf } from "./same.js";
import { expressionsIn } from "./walk.js";

/** Something that was put around a value and forwards calls to it, and that is seen in full. */
export interface Wrapping {
  outer: Held;
  /** What it was put around, the innermost. */
  inner: Holding;
  /** What it is made by: a class, or the function that returns it. */
  by: string;
  /** Where it is made. */
  fn: Fn;
  at: Span;
  has: (name: string) => boolean;
  /** Whether `instanceof` holds for it. */
  isA: (type: Held) => boolean;
}

/** Words of what watches calls; a wrapper without any of them (a cache, a retry) is none of our business. */
const WATCHES =
  /trac(?:e|ing)|span|metric|telemetr|audit|intercept|instrument|monitor|observ|measur|breadcrumb|(?:^|[^a-z])log|Log/i;

/** What wraps, if this does: a class or literal that forwards to what it was given, or a `Proxy` that hides members. */
export function wrappingOf(outer: Held, evaluator: Evaluator, depth = 0): Wrapping | undefined {
  if (known.has(outer)) return known.get(outer);
  const wrapping = depth > MAX_LAYERS ? undefined : layer(outer, evaluator, depth);
  known.set(outer, wrapping);
  return wrapping;
}

/** Wrappers in wrappers; more are made by a loop. */
const MAX_LAYERS = 3;

/** What may be put around so many things is no link around one channel. */
const MAX_INSIDE = 4;

const known = new WeakMap<Held, Wrapping | undefined>();

function layer(outer: Held, evaluator: Evaluator, depth: number): Wrapping | undefined {
  if (outer.is !== "instance" && outer.is !== "object" && outer.is !== "masked") return undefined;
  const names = namesOf(outer, evaluator);
  const around = names && aroundOf(outer, evaluator);
  if (!around || around.length > MAX_INSIDE || !watches(outer, evaluator)) return undefined;
  const inner = around.flatMap((h) => {
    const deeper = h === outer ? undefined : wrappingOf(h, evaluator, depth + 1);
    return deeper ? [...deeper.inner] : [h];
  });
  const place = placeOf(outer);
  return (
    place && {
      outer,
      inner,
      ...place,
      has: (name) => names.has(name),
      isA: (type) => isA(outer, type, evaluator),
    }
  );
}

/** Whether something is an instance of a class; what is not known in full is taken for one. */
export function isA(held: Held, type: Held, evaluator: Evaluator): boolean {
  switch (held.is) {
    case "instance": {
      const line = lineOf(held.cls, evaluator);
      return !line || (type.is === "class" && line.includes(type.cls));
    }
    case "foreign":
      return type.is === "package" && type.of === held.of;
    case "masked":
      return held.target.some((h) => isA(h, type, evaluator));
    default:
      return false;
  }
}

/** Whether an instance of a class of the program has a member that others may use. */
export const hasMember = (cls: Cls, name: string, evaluator: Evaluator): boolean =>
  !name.startsWith("#") &&
  (lineOf(cls, evaluator) ?? [cls]).some((c) => c.members.get(name)?.isStatic === false);

function placeOf(outer: Held): { by: string; fn: Fn; at: Span } | undefined {
  switch (outer.is) {
    case "instance":
      return outer.call && outer.fn && { by: outer.cls.name ?? "a class", fn: outer.fn, at: outer.call.at };
    case "object":
      return { by: outer.fn.name ?? "a function", fn: outer.fn, at: outer.obj.at };
    case "masked":
      return { by: outer.fn.name ?? "a Proxy", fn: outer.fn, at: outer.call.at };
    default:
      return undefined;
  }
}

function watches(outer: Held, { project }: Evaluator): boolean {
  const place =
    outer.is === "instance"
      ? outer.cls
      : outer.is === "object" || outer.is === "masked"
        ? outer.fn
        : undefined;
  if (!place) return false;
  const { file } = place.module;
  const text = project.index.read(file)?.slice(...place.at) ?? "";
  return WATCHES.test(`${place.name ?? ""} ${text}`) || project.index.scan(file).telemetry;
}

/** What something forwards to: the one value whose methods its own methods of the same names call. */
function aroundOf(outer: Held, evaluator: Evaluator): Holding | undefined {
  if (outer.is === "masked") return outer.target;
  const targets =
    outer.is === "instance"
      ? fieldsOf(outer.cls, evaluator)
      : outer.is === "object"
        ? variablesOf(outer)
        : [];
  const [target, ...others] = targets;
  if (!target || others.length > 0) return undefined;
  if (outer.is === "instance") {
    const inner = target.e.k === "mem" && target.e.p !== undefined ? evaluator.member(outer, target.e.p) : [];
    // what it makes for itself was nobody's channel before
    const given = inner.filter((h) => !(h.is === "instance" && h.fn && isOf(h.fn, outer.cls)));
    return given.length > 0 ? given : undefined;
  }
  if (outer.is !== "object") return undefined;
  const inner = evaluator.of(target.e, target.fn, outer.env);
  const given = inner.filter((h) => h !== outer);
  return given.length > 0 ? given : undefined;
}

const isOf = (fn: Fn, cls: Cls): boolean => {
  for (let f: Fn | undefined = fn; f; f = f.parent) if (f.cls === cls) return true;
  return false;
};

interface Target {
  e: Expr;
  fn: Fn;
}

/** The fields whose member of the same name the methods of a class call. */
function fieldsOf(cls: Cls, evaluator: Evaluator): Target[] {
  const found: Target[] = [];
  for (const c of lineOf(cls, evaluator) ?? [])
    for (const { e, fn, method } of forwardsIn(c))
      if (method === e.p) add(found, originOf(e.o), fn, isOwnField);
  return found;
}

interface Forward {
  e: Expr & { k: "mem" };
  fn: Fn;
  method: string;
}

const forwards = new WeakMap<Cls, Forward[]>();

/** What the methods of a class call on something, where that has the name of the method. */
function forwardsIn(cls: Cls): Forward[] {
  let found = forwards.get(cls);
  if (!found) {
    const methods = new Map<Fn, string>();
    for (const { fn, name } of cls.members.values())
      if (fn && fn.kind !== "constructor") methods.set(fn, name);
    const methodOf = (fn: Fn | undefined): string | undefined =>
      fn && (methods.get(fn) ?? methodOf(fn.parent));
    const { needed } = readingsOf(cls.module);
    found = [];
    if (methods.size > 0)
      for (const { e, fn } of expressionsIn(cls.module)) {
        const method = e.k === "mem" && needed.has(e) ? methodOf(fn) : undefined;
        if (e.k === "mem" && method !== undefined && e.p === method) found.push({ e, fn, method });
      }
    forwards.set(cls, found);
  }
  return found;
}

const isOwnField = (e: Expr): boolean => e.k === "mem" && e.o.k === "this" && e.p !== undefined;

/** The variables from outside whose member of the same name the functions of a literal call, or are. */
function variablesOf({ obj, fn: maker }: Held & { is: "object" }): Target[] {
  const found: Target[] = [];
  const { needed } = readingsOf(maker.module);
  for (const { name, value } of obj.props) {
    if (name === undefined) continue;
    const bound =
      value.k === "call" && value.callee.k === "mem" && value.callee.p === "bind" ? value.callee.o : value;
    if (bound !== value && bound.k === "mem" && bound.p === name) add(found, bound.o, maker, isVariable);
    if (value.k !== "fn") continue;
    const isOutside = (bind: Binding | undefined): boolean =>
      bind !== undefined && !isWithin(bind.owner, value.fn);
    for (const { e, fn } of expressionsIn(maker.module))
      if (
        e.k === "mem" &&
        e.p === name &&
        needed.has(e) &&
        isWithin(fn, value.fn) &&
        e.o.k === "id" &&
        isOutside(e.o.bind)
      )
        add(found, e.o, fn, isVariable);
  }
  return found;
}

const isVariable = (e: Expr): boolean => e.k === "id" && e.bind !== undefined && !e.bind.from;

function add(found: Target[], e: Expr, fn: Fn, isTarget: (e: Expr) => boolean): void {
  if (isTarget(e) && !found.some((f) => isSame(f.e, e))) found.push({ e, fn });
}
