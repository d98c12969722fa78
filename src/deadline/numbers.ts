import type { Binding, Call, Expr, Module } from "../syntax/ir.js";
import { homeOf } from "../ending/misplaced.js";
import type { Project } from "../program/project.js";

/** A number that the program shows. */
export interface Shown {
  value: number;
  /** The variable of the environment that may give another one. */
  variable: string | undefined;
}

/** Where an expression is evaluated: its module, and the calls that led there with theirs, outermost first. */
export interface Asked {
  module: Module;
  path: readonly { call: Call; module: Module }[];
}

const deepest = 8;

/**
 * The number that an expression surely is: written there, in a constant, in a field of a constant object, as the argument of the
 * call that led there, as a product, or as what stands in for a variable of the environment.
 */
export function numberShown(e: Expr, asked: Asked, project: Project, depth = 0): Shown | undefined {
  if (depth > deepest) return undefined;
  const deeper = (other: Expr, where: Asked = asked): Shown | undefined =>
    numberShown(other, where, project, depth + 1);
  switch (e.k) {
    case "lit":
      return numberOf(e.v);
    case "seq":
      return productOf(e.es, e.at, asked, project, deeper);
    case "logic": {
      const variable = variableIn(e.l, asked, project);
      const given = e.op === "&&" || variable === undefined ? undefined : deeper(e.r);
      return given && { value: given.value, variable };
    }
    case "call":
      return e.args[0] && /^(Number|parseInt|parseFloat)$/.test(nameOf(e)) ? deeper(e.args[0]) : undefined;
    case "id":
      return e.bind && ofBinding(e.bind, asked, project, deeper);
    case "mem": {
      const of = project.values.of(e.o, asked.module);
      const [value] = of;
      if (of.length !== 1 || value?.v !== "object" || e.p === undefined) return undefined;
      const props = value.obj.props.filter((p) => p.name === e.p || p.name === undefined);
      const [prop] = props;
      return props.length === 1 && prop?.name !== undefined
        ? deeper(prop.value, { module: value.module, path: [] })
        : undefined;
    }
    default:
      return undefined;
  }
}

const numberOf = (v: unknown): Shown | undefined => {
  const number = typeof v === "string" && /^\d+(\.\d+)?$/.test(v) ? Number(v) : v;
  return typeof number === "number" ? { value: number, variable: undefined } : undefined;
};

const nameOf = ({ callee }: Call): string =>
  callee.k === "id" && !callee.bind ? callee.name : callee.k === "mem" ? (callee.p ?? "") : "";

/** `30 * 1000`; an expression that only evaluates its parts is told from it by the text. */
function productOf(
  parts: readonly Expr[],
  at: Expr["at"],
  { module }: Asked,
  project: Project,
  value: (e: Expr) => Shown | undefined,
): Shown | undefined {
  const [only] = parts;
  if (parts.length === 1 && only) return value(only);
  const text = project.index.read(module.file)?.slice(...at) ?? "";
  if (parts.length !== 2 || !/^[\w\s.()]+\*[\w\s.()]+$/.test(text)) return undefined;
  const [a, b] = parts.map(value);
  return a && b && { value: a.value * b.value, variable: a.variable ?? b.variable };
}

/** `X` of `process.env.X`, also inside `Number()` and its like. */
function variableIn(e: Expr, asked: Asked, project: Project): string | undefined {
  if (e.k === "call" && e.args[0] && /^(Number|parseInt|parseFloat)$/.test(nameOf(e)))
    return variableIn(e.args[0], asked, project);
  if (e.k !== "mem") return undefined;
  const [value] = project.values.of(e, asked.module);
  return value?.v === "global" ? /^process\.env\.(\w+)$/.exec(value.path)?.[1] : undefined;
}

function ofBinding(
  bind: Binding,
  asked: Asked,
  project: Project,
  value: (e: Expr, where?: Asked) => Shown | undefined,
): Shown | undefined {
  const { param } = bind;
  if (param) {
    const at = asked.path.findLastIndex(({ call, module }) =>
      project.values.callee(call.callee, module).some((v) => v.v === "fn" && v.fn === param.fn),
    );
    const led = asked.path[at];
    if (!led || param.path.length > 0) return undefined;
    const given = led.call.args[param.index];
    if (given) return value(given, { module: led.module, path: asked.path.slice(0, at) });
    return bind.values.length === 1 && bind.values[0] ? value(bind.values[0]) : undefined;
  }
  const home = homeOf(bind, asked.module, project);
  const [only] = home?.bind.values ?? [];
  return home?.bind.constant && home.bind.values.length === 1 && only
    ? value(only, { module: home.module, path: home.module === asked.module ? asked.path : [] })
    : undefined;
}
