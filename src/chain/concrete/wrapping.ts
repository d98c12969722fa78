import type { Call, Cls, Fn, Module, Span } from "../../syntax/ir.js";
import type { Evaluator } from "./evaluate.js";
import { fieldsOf, variablesOf } from "./forwards.js";
import type { Held, Holding } from "./holding.js";
import { lineOf, namesOf } from "./own-members.js";

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

/** Names of what puts a wrapper around something; without one, a module is not looked into. */
const WRAPS =
  /wrap|intercept|trac(?:e|ing)|instrument|decorat|observ|monitor|audit|measur|log|metric|telemetry|span|compose|with[A-Z]|^link$/i;

const calleeName = ({ callee }: Call): string | undefined =>
  callee.k === "id" ? callee.name : callee.k === "mem" ? callee.p : undefined;

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

/** Whether a module puts a wrapper around something, by something that by its name does so. */
export const wrapsIn = (module: Module, evaluator: Evaluator): boolean =>
  module.calls.some(
    ({ call, fn }) =>
      call.args.length > 0 &&
      WRAPS.test(calleeName(call) ?? "") &&
      evaluator.of(call, fn).some((held) => wrappingOf(held, evaluator) !== undefined),
  );

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
    const given = inner.filter(
      (h) => !((h.is === "instance" || h.is === "foreign") && h.fn && isOf(h.fn, outer.cls)),
    );
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
