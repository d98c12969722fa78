import type { Binding, Call, Expr } from "../syntax/ir.js";
import { usesEverywhere } from "./name-uses.js";
import type { Project } from "./project.js";

/**
 * What a condition always comes to: it asks a parameter to which every call of the function, all of them seen, gives the same
 * answer. `function end(server, options = { dump: false })`, called as `end(server)`: `options.dump` is never true.
 * @returns undefined where that is not to be seen
 */
export function alwaysIs(test: Expr, project: Project): boolean | undefined {
  if (test.k === "not") {
    const inner = alwaysIs(test.e, project);
    return inner === undefined ? undefined : !inner;
  }
  const asked = parameterIn(test);
  if (!asked) return undefined;
  let known = answers.get(project);
  if (!known) answers.set(project, (known = new Map()));
  const key = asked.path.join(".");
  const byPath = known.get(asked.bind) ?? new Map<string, boolean | undefined>();
  known.set(asked.bind, byPath);
  if (!byPath.has(key)) byPath.set(key, answerOf(asked, project));
  return byPath.get(key);
}

const answers = new WeakMap<Project, Map<Binding, Map<string, boolean | undefined>>>();

interface Asked {
  bind: Binding;
  path: readonly string[];
}

/** `options.dump`, `dump`: a parameter of a function with a name, and what is read of it. */
function parameterIn(e: Expr): Asked | undefined {
  const path: string[] = [];
  let of = e;
  for (; of.k === "mem"; of = of.o) {
    if (of.p === undefined) return undefined;
    path.unshift(of.p);
  }
  const bind = of.k === "id" ? of.bind : undefined;
  if (bind?.kind !== "param" || !bind.param || path.length > 1) return undefined;
  return { bind, path: [...bind.param.path, ...path] };
}

function answerOf({ bind, path }: Asked, project: Project): boolean | undefined {
  const { param } = bind;
  if (!param || (param.fn.rest && param.index === param.fn.params.length - 1)) return undefined;
  const [fallback, ...written] = bind.values;
  // anything but its default is written to it in the function
  if (written.length > 0 || (fallback && fallback.at[0] >= param.fn.bodyAt[0])) return undefined;
  // a destructured parameter may have a default of its own, which the binding does not hold
  if (param.path.length > 0 || isWritten(bind, path, project)) return undefined;
  const calls = callsOf(bind, project);
  if (!calls || calls.length === 0) return undefined;
  const found = calls.map((call) => {
    if (call.args.slice(0, param.index + 1).some((a) => a.k === "spread")) return undefined;
    const given = call.args[param.index] ?? fallback;
    return given ? truthOf(given, path) : path.length === 0 ? false : undefined;
  });
  const [first] = found;
  return first !== undefined && found.every((x) => x === first) ? first : undefined;
}

/** `options.dump = true`. */
const isWritten = ({ owner }: Binding, path: readonly string[], project: Project): boolean => {
  const [name] = path;
  const text = project.index.read(owner.module.file) ?? "";
  return name !== undefined && new RegExp(`\\.${name}\\s*([|&?]{2})?=[^=]`).test(text);
};

function truthOf(e: Expr, path: readonly string[]): boolean | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return e.k === "lit" ? Boolean(e.v) : undefined;
  if (e.k !== "obj" || e.props.some((p) => p.name === undefined)) return undefined;
  const own = e.props.findLast((p) => p.name === name);
  return own ? truthOf(own.value, rest) : false;
}

/** Every call of the function that a parameter belongs to; undefined where it is also read in another way. */
function callsOf({ param }: Binding, project: Project): Call[] | undefined {
  const fn = param?.fn;
  if (!fn || fn.cls || fn.parent?.kind !== "module") return undefined;
  const { module } = fn;
  const name = module.bindings.find((b) => b.values.some((v) => v.k === "fn" && v.fn === fn));
  if (!name || name.values.length > 1) return undefined;
  const calls: Call[] = [];
  for (const use of usesEverywhere(name, project) ?? [undefined]) {
    const call = use?.module.calls.find(
      ({ call: { callee } }) => callee.at === use.at || isAt(callee, use.at),
    );
    if (!call) return undefined;
    calls.push(call.call);
  }
  return calls;
}

const isAt = (e: Expr, at: readonly [number, number]): boolean =>
  e.k === "id" && e.at[0] === at[0] && e.at[1] === at[1];
