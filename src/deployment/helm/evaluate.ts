import type { Expression } from "./expressions.js";
import { fieldIn, none, plainOf, scalar, truthOf, unknown, type Origin, type Value } from "./values.js";

/** What an action prints. `quoted`: a text in quotes; `yaml`: written as YAML; `block`: the same, indented. */
export type Printed =
  | Value
  | { k: "quoted"; value: Value & { k: "scalar" } }
  | { k: "yaml"; value: Value }
  | { k: "block"; value: Value; indent: number; newline: boolean };

/** What names stand for at a place of a template. */
export interface Scope {
  root: Value;
  dot: Value;
  variables: Map<string, Value>;
}

/** What an expression comes to, as far as the values show it. */
export function evaluate(expression: Expression, scope: Scope, at: Origin): Printed {
  switch (expression.e) {
    case "unknown":
      return unknown;
    case "literal":
      return expression.value === null ? none : scalar(expression.value, at);
    case "path": {
      let value = rootOf(expression, scope, at);
      for (const name of expression.names) value = fieldIn(value, name);
      return value;
    }
    case "call": {
      const args = expression.args.map((arg) => evaluate(arg, scope, at));
      return functions[expression.name]?.(args, at) ?? unknown;
    }
  }
}

function rootOf({ of, root }: Expression & { e: "path" }, scope: Scope, at: Origin): Value {
  if (of) return plain(evaluate(of, scope, at));
  if (root === "") return scope.dot;
  return root === "$" ? scope.root : (scope.variables.get(root.slice(1)) ?? unknown);
}

/** A value that can be computed with. */
export const plain = (value: Printed | undefined): Value =>
  !value || value.k === "quoted" || value.k === "yaml" || value.k === "block" ? unknown : value;

/** A function of a template (https://helm.sh/docs/chart_template_guide/function_list/); undefined where the outcome is not known. */
type Fn = (args: Printed[], at: Origin) => Printed | undefined;

const truth = (value: boolean | undefined): Value => (value === undefined ? unknown : scalar(value));

const indented =
  (newline: boolean): Fn =>
  ([by, given]) => {
    const indent = by?.k === "scalar" && typeof by.value === "number" ? by.value : undefined;
    if (indent === undefined || indent < 0 || indent > 200 || !given) return unknown;
    const value = given.k === "yaml" ? given.value : given;
    if (value.k === "block" || value.k === "quoted") return unknown;
    return { k: "block", value, indent, newline };
  };

const equal = (a: Printed | undefined, b: Printed | undefined): boolean | undefined => {
  const [x, y] = [plainOf(plain(a)), plainOf(plain(b))];
  return x === undefined || y === undefined ? undefined : x === y;
};

const textual =
  (change: (text: string, ...args: string[]) => string | undefined): Fn =>
  (args) => {
    const all = args.map(plain);
    const last = all.at(-1);
    if (last?.k !== "scalar" || all.some((v) => v.k !== "scalar")) return unknown;
    const texts = all.map((v) => (v.k === "scalar" ? String(v.value) : ""));
    const changed = change(texts.at(-1) ?? "", ...texts.slice(0, -1));
    return changed === undefined
      ? unknown
      : changed === String(last.value)
        ? last
        : scalar(changed, last.origin);
  };

const first: Fn = ([only]) => only;
const number: Fn = ([only]) => {
  const value = plain(only);
  const is = value.k === "scalar" && /^-?\d+$/.test(String(value.value));
  return is ? { ...value, value: Number(value.value) } : unknown;
};

const functions: Readonly<Record<string, Fn | undefined>> = {
  default: ([other, given = none]) => {
    const is = truthOf(plain(given));
    return is === undefined ? unknown : is ? given : other;
  },
  coalesce: (args) => {
    for (const arg of args) {
      const is = truthOf(plain(arg));
      if (is !== false) return is ? arg : unknown;
    }
    return none;
  },
  required: ([, given]) => given,
  ternary: ([yes, no, test]) => {
    const is = truthOf(plain(test));
    return is === undefined ? unknown : is ? yes : no;
  },
  quote: ([only]) => {
    const value = plain(only);
    return value.k === "scalar" ? { k: "quoted", value } : unknown;
  },
  squote: ([only], at) => functions["quote"]?.([only ?? unknown], at),
  toYaml: ([only]) => (only ? { k: "yaml", value: plain(only) } : unknown),
  toJson: ([only]) => (only ? { k: "yaml", value: plain(only) } : unknown),
  // a text without `{{` is what it is, and others are not known to begin with
  tpl: first,
  // ends the rendering where it comes to that, and prints nothing
  fail: () => scalar(""),
  toString: first,
  int: number,
  int64: number,
  nindent: indented(true),
  indent: indented(false),
  trim: textual((text) => text.trim()),
  lower: textual((text) => text.toLowerCase()),
  upper: textual((text) => text.toUpperCase()),
  trimSuffix: textual((text, end = "") =>
    text.endsWith(end) ? text.slice(0, text.length - end.length) : text,
  ),
  trimPrefix: textual((text, start = "") => (text.startsWith(start) ? text.slice(start.length) : text)),
  trunc: textual((text, length) => (/^\d+$/.test(length ?? "") ? text.slice(0, Number(length)) : undefined)),
  replace: textual((text, from = "", to = "") => text.split(from).join(to)),
  printf: ([format, ...args], at) => {
    const pattern = plain(format);
    const all = args.map(plain);
    if (pattern.k !== "scalar" || all.some((v) => v.k !== "scalar")) return unknown;
    const text = String(pattern.value);
    if (/%(?![sdv%])/.test(text)) return unknown;
    let n = 0;
    const filled = text.replace(/%([sdv%])/g, (_, verb) => {
      const value = verb === "%" ? undefined : all[n++];
      return verb === "%" ? "%" : value?.k === "scalar" ? String(value.value) : "";
    });
    return n === all.length ? scalar(filled, at) : unknown;
  },
  not: ([only]) => {
    const is = truthOf(plain(only));
    return is === undefined ? unknown : truth(!is);
  },
  and: (args) => {
    for (const arg of args) if (truthOf(plain(arg)) !== true) return arg;
    return args.at(-1);
  },
  or: (args) => {
    for (const arg of args) if (truthOf(plain(arg)) !== false) return arg;
    return args.at(-1);
  },
  empty: (args, at) => functions["not"]?.(args, at),
  eq: ([a, ...others]) => {
    const all = others.map((b) => equal(a, b));
    return truth(all.includes(true) ? true : all.includes(undefined) ? undefined : false);
  },
  ne: ([a, b]) => {
    const is = equal(a, b);
    return is === undefined ? unknown : truth(!is);
  },
  hasKey: ([map, name]) => {
    const [of, key] = [plain(map), plain(name)];
    if (of.k !== "map" || key.k !== "scalar") return unknown;
    return truth(of.fields.has(String(key.value)));
  },
};
