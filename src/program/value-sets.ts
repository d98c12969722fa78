import type { Value } from "../facts/value.js";
import type { Expr, Fn, Stmt } from "../syntax/ir.js";

/** More than this many possibilities say nothing. */
const MAX_VALUES = 100;

/** Every returned expression of a body, not of functions inside it. */
export function returnsOf(body: Stmt[], found: Expr[] = []): Expr[] {
  for (const s of body) {
    switch (s.s) {
      case "return":
        if (s.e) found.push(s.e);
        break;
      case "if":
        returnsOf(s.then, found);
        returnsOf(s.else ?? [], found);
        break;
      case "loop":
      case "block":
      case "label":
        returnsOf(s.body, found);
        break;
      case "try":
        returnsOf(s.block, found);
        returnsOf(s.handler ?? [], found);
        returnsOf(s.finalizer ?? [], found);
        break;
      case "switch":
        for (const c of s.cases) returnsOf(c.body, found);
        break;
    }
  }
  return found;
}

/** The same thing said twice is said once. */
export function distinct(values: Value[]): Value[] {
  if (values.length < 2) return values;
  const seen = new Set<unknown>();
  const out = values.filter((v) => {
    const key = identityOf(v);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return out.length > MAX_VALUES ? [] : out;
}

function identityOf(v: Value): unknown {
  switch (v.v) {
    case "fn":
      return v.fn;
    case "class":
      return v.cls;
    case "instance":
      return v.cls.members;
    case "object":
      return v.obj;
    case "array":
      return v.items;
    case "namespace":
      return v.module;
    case "sdk":
      return `sdk ${v.sdk.is} ${"cls" in v.sdk ? `${v.sdk.cls.vendor.name} ${v.sdk.cls.name}` : "name" in v.sdk ? v.sdk.name : v.sdk.path}`;
    case "member":
      return `member ${v.member.cls.vendor.name} ${v.member.cls.name} ${v.member.name}`;
    case "global":
      return `global ${v.path}`;
    case "package":
      return `package ${v.specifier} ${v.path}`;
    case "exit":
      return v.facts;
    case "owner":
      return v.facts;
  }
}

/** Values of assignments and of annotations, an annotation only where it adds something. */
export function merge(found: Value[], typed: Value[]): Value[] {
  if (typed.length === 0) return found;
  const same = (a: Value, b: Value): boolean =>
    a.v === b.v &&
    ((a.v === "instance" && b.v === "instance" && a.cls === b.cls) ||
      (a.v === "sdk" &&
        b.v === "sdk" &&
        a.sdk.is === "handle" &&
        b.sdk.is === "handle" &&
        a.sdk.cls.name === b.sdk.cls.name));
  return [...found, ...typed.filter((t) => !found.some((f) => same(f, t)))];
}

/** `const load = (name) => import(name)`: the module that this call of it means. */
export function lazySpecifier(fn: Fn, call: Expr & { k: "call" }): string | undefined {
  for (const e of returnsOf(fn.body)) {
    const loaded = e.k === "await" ? e.e : e;
    if (loaded.k !== "import" || loaded.of?.k !== "id") continue;
    const { bind } = loaded.of;
    const argument = bind?.param?.fn === fn ? call.args[bind.param.index] : undefined;
    if (argument?.k === "lit" && typeof argument.v === "string") return argument.v;
  }
  return undefined;
}
