import type { Value } from "../facts/value.js";
import { arrayMethods } from "../knowledge/process.js";
import type { Binding, Expr, Fn, Stmt } from "../syntax/ir.js";

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

/** `const load = (name) => import(name)`: the modules that this call of it means. */
export function lazySpecifiers(fn: Fn, call: Expr & { k: "call" }): string[] {
  const found: string[] = [];
  for (const e of returnsOf(fn.body)) {
    const loaded = e.k === "await" ? e.e : e;
    if (loaded.k !== "import" || loaded.of?.k !== "id") continue;
    const { bind } = loaded.of;
    const argument = bind?.param?.fn === fn ? call.args[bind.param.index] : undefined;
    if (argument?.k === "lit" && typeof argument.v === "string") found.push(argument.v);
  }
  return found;
}

/** What is put into a list, `Map` or `Set` behind a name, by the calls of its file. */
export function putInto(bind: Binding): Expr[] {
  return bind.owner.module.calls.flatMap(({ call: { callee, args } }) => {
    const puts =
      callee.k === "mem" && callee.o.k === "id" && callee.o.bind === bind && PUTS.has(callee.p ?? "");
    const last = puts ? args.at(-1) : undefined;
    return last ? [last] : [];
  });
}

const PUTS = new Set(["push", "unshift", "add", "set"]);

/** A call that runs its callback over the elements of a list, one at a time. */
export const overElements = ({ callee }: Expr & { k: "call" }): boolean =>
  callee.k === "mem" &&
  arrayMethods.includes(callee.p ?? "") &&
  !/^(reduce|sort|toSorted)/.test(callee.p ?? "");

/** The values of `new Map([[key, value], ...])`. */
export function mapped(call: Expr & { k: "call" }): Value[] {
  const [entries] = call.args;
  if (entries?.k !== "arr") return [];
  const items = entries.items.flatMap((e) => (e.k === "arr" && e.items[1] ? [e.items[1]] : []));
  return items.length > 0 ? [{ v: "array", items }] : [];
}

/** What an annotation with the name of a class stands for. */
export function instanceOf(v: Value): Value[] {
  if (v.v === "class") return [{ v: "instance", cls: v.cls }];
  if (v.v === "sdk" && v.sdk.is === "class") return [{ v: "sdk", sdk: { is: "handle", cls: v.sdk.cls } }];
  return v.v === "package" ? [v] : [];
}
