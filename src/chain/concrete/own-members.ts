import type { Cls, Expr, Fn } from "../../syntax/ir.js";
import { isWithin } from "../originals.js";
import type { Evaluator } from "./evaluate.js";
import type { Held } from "./holding.js";
import { expressionsIn, putsOf } from "../walk.js";

/** What every object has. */
const EVERYWHERE = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  // asked for by `await`, by printing and by serialising, where it may be missing
  ...["then", "toJSON"],
]);

/** A class with all that it extends, the class itself first; undefined when a part of it is not in the program. */
export function lineOf(cls: Cls, evaluator: Evaluator): Cls[] | undefined {
  const line: Cls[] = [];
  for (let c: Cls | undefined = cls; c;) {
    line.push(c);
    const parent: Held | undefined = evaluator.parentOf(c);
    if (c.superClass && (parent?.is !== "class" || line.length > 8)) return undefined;
    c = parent?.is === "class" ? parent.cls : undefined;
  }
  return line;
}

/** The names that something has; undefined when it may have others as well. */
export function namesOf(held: Held, evaluator: Evaluator, depth = 0): ReadonlySet<string> | undefined {
  if (held.is === "masked") return new Set([...EVERYWHERE, ...held.names]);
  if (held.is === "instance") {
    const line = lineOf(held.cls, evaluator);
    if (!line?.every(isPlain)) return undefined;
    return new Set([...EVERYWHERE, ...line.flatMap((c) => [...c.members.keys()])]);
  }
  return held.is === "object" && depth < 4 ? ofLiteral(held, evaluator, depth) : undefined;
}

const plain = new WeakMap<Cls, boolean>();

/** A class whose instances have what is written in it and nothing else. */
function isPlain(cls: Cls): boolean {
  const answer = plain.get(cls) ?? isAllWritten(cls);
  plain.set(cls, answer);
  return answer;
}

function isAllWritten(cls: Cls): boolean {
  const { ctor, module } = cls;
  if (cls.decorators.length > 0 || [...cls.members.keys()].some((name) => name.startsWith("["))) return false;
  const makes = (fn: Fn): boolean => ctor !== undefined && isWithin(fn, ctor);
  const returns = ctor?.body.some((s) => s.s === "return" && s.e !== undefined) ?? false;
  const handsOut = module.calls.some(({ call, fn }) => makes(fn) && call.args.some((a) => a.k === "this"));
  const addsMore = putsOf(module).some(
    ({ to: { o, p } }) => (o.k === "this" && o.cls === cls && p === undefined) || isPrototypeOf(o, cls),
  );
  return !returns && !handsOut && !addsMore;
}

const isPrototypeOf = (e: Expr, cls: Cls): boolean =>
  e.k === "mem" &&
  e.p === "prototype" &&
  e.o.k === "id" &&
  (e.o.bind?.values.some((v) => v.k === "class" && v.cls === cls) ?? false);

function ofLiteral(
  held: Held & { is: "object" },
  evaluator: Evaluator,
  depth: number,
): ReadonlySet<string> | undefined {
  const names = new Set(EVERYWHERE);
  for (const { name, value } of held.obj.props) {
    if (name !== undefined) names.add(name);
    else {
      const spread = value.k === "spread" ? evaluator.of(value.e, held.fn, held.env) : [];
      if (spread.length === 0) return undefined;
      for (const h of spread) {
        const own = ownNames(h, evaluator, depth + 1);
        if (!own) return undefined;
        for (const n of own) names.add(n);
      }
    }
  }
  return isLeftAlone(held, names) ? names : undefined;
}

/** What a spread takes over: the own properties, and nothing of a prototype. */
function ownNames(held: Held, evaluator: Evaluator, depth: number): Iterable<string> | undefined {
  if (held.is !== "instance") return held.is === "object" ? namesOf(held, evaluator, depth) : undefined;
  const line = lineOf(held.cls, evaluator);
  if (!line?.every(isPlain)) return undefined;
  return line.flatMap((c) =>
    [...c.members.values()]
      .filter((m) => !m.isStatic && m.fn?.kind !== "method" && m.fn?.kind !== "accessor")
      .map((m) => m.name),
  );
}

/** Whether nothing but named members are added to a literal after it was made; these are added to its names. */
function isLeftAlone({ obj, fn }: Held & { is: "object" }, names: Set<string>): boolean {
  const isIt = (e: Expr): boolean => e === obj || (e.k === "id" && (e.bind?.values.includes(obj) ?? false));
  const { module } = fn;
  for (const { to } of putsOf(module)) {
    if (!isIt(to.o)) continue;
    if (to.p === undefined) return false;
    names.add(to.p);
  }
  return !expressionsIn(module).some(
    ({ e, fn: at }) => e.k === "call" && isWithin(at, fn) && e.args.some((a) => a.k === "id" && isIt(a)),
  );
}
