import type { Lookup } from "../facts/lookup.js";
import type { Value } from "../facts/value.js";
import type { Binding, Cls, Expr, Fn, Member, Module, TypeRef } from "../syntax/ir.js";
import { sdkResult } from "./sdk-results.js";
import {
  distinct,
  instanceOf,
  lazySpecifiers,
  mapped,
  merge,
  overElements,
  putInto,
  returnsOf,
} from "./value-sets.js";

/** How a module finds others; the program's files behind specifiers. */
export interface Linker {
  module(file: string): Module | undefined;
  resolve(from: string, specifier: string): string | undefined;
  /** The range of versions of the package behind a specifier that the package around a file asks for. */
  declared(from: string, specifier: string): string | undefined;
}

const NODE_PROCESS = /^(node:)?process$/;
const GLOBAL_OBJECTS = new Set(["globalThis", "global", "window", "self"]);
const TAKES_ONE = new Set(["find", "findLast", "at", "pop", "shift", "get"]);
const MAX_DEPTH = 80;
const MAX_TRIES = 3;

/** Resolves expressions to values, across files, by imports, assignments, annotations and returns. Memoised per expression. */
export class Values {
  private readonly known = new WeakMap<object, Value[]>();
  private readonly open = new Set<object>();
  private readonly properties = new WeakMap<object, Map<string, Value[]>>();
  private readonly tries = new WeakMap<object, number>();
  private readonly handed = new WeakMap<Binding, Value[]>();
  private depth = 0;
  private cuts = 0;

  constructor(
    readonly lookup: Lookup,
    private readonly linker: Linker,
  ) {}

  of(expr: Expr, module: Module): Value[] {
    // what it is stands in the code: no question to follow, however deep the way here
    if (expr.k === "fn") return [{ v: "fn", fn: expr.fn }];
    if (expr.k === "id" && expr.bind?.kind === "function")
      return expr.bind.values.flatMap((e) => this.of(e, module));
    return this.memo(expr, () => this.compute(expr, module));
  }

  /** What is called: a package that exports one function or class as its whole self stands for that. */
  callee(expr: Expr, module: Module): Value[] {
    return this.of(expr, module).map((v) => {
      if (v.v === "sdk" && v.sdk.is === "namespace" && v.sdk.path === "") {
        const whole = this.lookup.callable(v.sdk);
        return whole ? { v: "sdk", sdk: whole } : v;
      }
      if (v.v === "package" && v.path === "") return this.packageMember(v, "default")[0] ?? v;
      return v;
    });
  }

  private memo(key: object, compute: () => Value[]): Value[] {
    const known = this.known.get(key);
    if (known) return known;
    if (this.open.has(key) || this.depth > MAX_DEPTH) {
      this.cuts++;
      return [];
    }
    this.open.add(key);
    this.depth++;
    const before = this.cuts;
    const values = distinct(compute());
    this.depth--;
    this.open.delete(key);
    // what a cycle cut short may be more when asked from outside it, but is not worked out again and again
    const tries = (this.tries.get(key) ?? 0) + 1;
    if (this.cuts === before || this.depth === 0 || tries >= MAX_TRIES) this.known.set(key, values);
    else this.tries.set(key, tries);
    return values;
  }

  private compute(expr: Expr, module: Module): Value[] {
    switch (expr.k) {
      case "id":
        return expr.bind ? this.binding(expr.bind, module) : this.global(expr.name);
      case "mem":
        if (expr.p === undefined) return this.listed(expr.o, module);
        return this.of(expr.o, module).flatMap((v) => this.member(v, expr.p as string, module, expr.o));
      case "call": {
        const { callee } = expr;
        // `commands.find(...)`, `table.get(name)`: one of what is in it
        if (callee.k === "mem" && TAKES_ONE.has(callee.p ?? "")) {
          const taken = this.of(callee.o, module).flatMap((v) => this.elements(v, module));
          if (taken.length > 0) return taken;
        }
        return this.callee(callee, module).flatMap((v) => this.result(v, expr, module));
      }
      case "class":
        return [{ v: "class", cls: expr.cls }];
      case "await":
      case "set":
        return this.of(expr.e, module);
      case "cond":
        return [...this.of(expr.then, module), ...this.of(expr.else, module)];
      case "logic":
        return expr.op === "&&"
          ? this.of(expr.r, module)
          : [...this.of(expr.l, module), ...this.of(expr.r, module)];
      case "seq": {
        const last = expr.es.at(-1);
        return expr.es.length === 1 && last ? this.of(last, module) : [];
      }
      case "obj":
        return [{ v: "object", obj: expr, module }];
      case "arr":
        return [{ v: "array", items: expr.items }];
      case "this":
        return expr.cls ? [{ v: "instance", cls: expr.cls }] : [];
      case "super": {
        const parent = expr.cls?.superClass;
        return parent
          ? this.of(parent, module).map((v) => (v.v === "class" ? { v: "instance", cls: v.cls } : v))
          : [];
      }
      case "import":
        return expr.specifier === undefined ? [] : this.imported(module.file, expr.specifier, "*");
      default:
        return [];
    }
  }

  /** Whatever the list (or `Map`, or `Set`) behind an expression can hold, also what is put into it later. */
  private listed(e: Expr, module: Module): Value[] {
    const found = this.of(e, module).flatMap((v) => this.elements(v, module));
    const held = e.k === "call" && e.callee.k === "mem" && e.callee.p === "values" ? e.callee.o : e;
    const bind = held.k === "id" ? held.bind : undefined;
    if (bind?.kind === "var") for (const put of putInto(bind)) found.push(...this.of(put, bind.owner.module));
    return found;
  }

  /** Whatever a list, a table object or a `Map` can hand out. */
  private elements(v: Value, module: Module): Value[] {
    if (v.v === "array") return this.all(v.items, module);
    if (v.v === "object")
      return v.obj.props.flatMap((p) => (p.name === undefined ? [] : this.of(p.value, v.module)));
    return [];
  }

  private all(items: Expr[], module: Module): Value[] {
    return items.flatMap((i) => this.of(i, module));
  }

  private global(name: string): Value[] {
    if (GLOBAL_OBJECTS.has(name)) return [{ v: "global", path: "" }];
    const exit = this.lookup.exitGlobal(name);
    return exit ? [{ v: "exit", facts: exit, name }] : [{ v: "global", path: name }];
  }

  private binding(bind: Binding, module: Module): Value[] {
    return this.memo(bind, () => {
      if (bind.from) return this.imported(module.file, bind.from.specifier, bind.from.name);
      const found = bind.values.flatMap((e) => this.of(e, bind.owner.module));
      const typed = this.typed(bind.type, bind.owner.module);
      if (bind.param && found.length === 0 && typed.length === 0) return this.parameter(bind);
      return merge(found, typed);
    }).concat(this.handed.get(bind) ?? []);
  }

  /** Tells what a call in another file hands to a parameter. */
  hand(bind: Binding, values: Value[]): void {
    this.handed.set(bind, distinct([...(this.handed.get(bind) ?? []), ...values]));
  }

  /** A parameter without an annotation takes what the calls in its own file pass, or the elements of the list it is run over. */
  private parameter(bind: Binding): Value[] {
    const param = bind.param;
    if (!param || param.path.length > 0) return this.destructured(bind);
    const fn = param.fn;
    const passed: Value[] = [];
    for (const { call } of fn.module.calls) {
      // `clients.forEach((client) => ...)`: one of the list
      const [first] = call.args;
      if (param.index === 0 && first?.k === "fn" && first.fn === fn && overElements(call)) {
        if (call.callee.k === "mem") passed.push(...this.listed(call.callee.o, fn.module));
        continue;
      }
      const argument = call.args[param.index];
      if (!argument || call.args.length > 12) continue;
      const callees = this.of(call.callee, fn.module);
      const hits = callees.some(
        (c) => (c.v === "fn" && c.fn === fn) || (c.v === "class" && c.cls.ctor === fn),
      );
      if (hits) passed.push(...this.of(argument, fn.module));
    }
    return passed;
  }

  private destructured(bind: Binding): Value[] {
    const param = bind.param;
    const types = param ? this.typed(param.fn.paramTypes[param.index] ?? [], param.fn.module) : [];
    let values = types;
    for (const p of param?.path ?? [])
      values = values.flatMap((v) => this.member(v, p, bind.owner.module, undefined));
    return values;
  }

  /** Values of annotations: a class stands for its instance. */
  typed(types: TypeRef[], module: Module): Value[] {
    return types.flatMap((t) => this.of(t.expr, module).flatMap(instanceOf));
  }

  /** What `specifier` exports under `name` (`*`: everything) to a file. */
  imported(from: string, specifier: string, name: string): Value[] {
    if (NODE_PROCESS.test(specifier)) return this.step({ v: "global", path: "process" }, name);
    const file = this.linker.resolve(from, specifier);
    if (file === undefined) {
      const space = this.lookup.namespace(specifier, this.linker.declared(from, specifier));
      if (space) return this.step({ v: "sdk", sdk: space }, name);
      return this.step({ v: "package", specifier, path: "" }, name);
    }
    const module = this.linker.module(file);
    if (!module) return [];
    return name === "*" ? [{ v: "namespace", module }] : this.exported(module, name);
  }

  private step = (base: Value, name: string): Value[] =>
    name === "*" ? [base] : this.member(base, name, undefined, undefined);

  /** What a module of the program exports under a name. */
  exported(module: Module, name: string, seen = new Set<Module>()): Value[] {
    if (seen.has(module)) return [];
    seen.add(module);
    const direct = module.exports.get(name);
    if (direct) {
      return direct.kind === "value"
        ? this.of(direct.e, module)
        : this.imported(module.file, direct.specifier, direct.name);
    }
    if (name !== "default") {
      for (const specifier of module.reexports) {
        const file = this.linker.resolve(module.file, specifier);
        const target = file === undefined ? undefined : this.linker.module(file);
        const found = target
          ? this.exported(target, name, seen)
          : this.imported(module.file, specifier, name);
        if (found.length > 0 && !(found.length === 1 && found[0]?.v === "package")) return found;
      }
    }
    const whole = module.exports.get("=");
    if (whole?.kind === "value") {
      const values = this.of(whole.e, module);
      if (name === "default") return values;
      // two files may be each what the other exports
      return values.flatMap((v) =>
        v.v === "namespace" ? this.exported(v.module, name, seen) : this.member(v, name, module, undefined),
      );
    }
    // CommonJS seen through a default import
    return name === "default" && !module.esm && module.exports.size > 0 ? [{ v: "namespace", module }] : [];
  }

  /** A member read from a value. */
  member(base: Value, name: string, module: Module | undefined, on: Expr | undefined, depth = 0): Value[] {
    if (depth > 6) return [];
    switch (base.v) {
      case "sdk": {
        if (base.sdk.is === "namespace") {
          const next = this.lookup.step(base.sdk, name);
          return next ? [{ v: "sdk", sdk: next }] : [];
        }
        if (base.sdk.is !== "handle") return [];
        const member = this.lookup.member(base.sdk.cls, name);
        if (!member) return [];
        return member.is === "call" ? [{ v: "member", member, on }] : [{ v: "sdk", sdk: member }];
      }
      case "namespace":
        return this.exported(base.module, name);
      case "instance":
        return this.field(base.cls, name, false);
      case "class":
        return this.field(base.cls, name, true);
      case "object":
        return this.property(base, name, on, depth);
      case "global": {
        if (base.path === "" || (base.path === "process" && name === "default")) {
          return base.path === "" ? this.global(name) : [base];
        }
        const path = `${base.path}.${name}`;
        const exit = this.lookup.exitGlobal(path);
        return exit ? [{ v: "exit", facts: exit, name: path }] : [{ v: "global", path }];
      }
      case "package":
        return this.packageMember(base, name);
      default:
        return module && name === "default" ? [base] : [];
    }
  }

  /** A property of an object literal, looked for in what is spread into it as well; kept by object and name. */
  private property(
    base: Value & { v: "object" },
    name: string,
    on: Expr | undefined,
    depth: number,
  ): Value[] {
    let known = this.properties.get(base.obj);
    if (!known) this.properties.set(base.obj, (known = new Map()));
    const kept = known.get(name);
    if (kept) return kept;
    const before = this.cuts;
    const prop = base.obj.props.find((p) => p.name === name);
    const values = prop
      ? this.of(prop.value, base.module)
      : base.obj.props
          .filter((p) => p.value.k === "spread")
          .flatMap((p) => this.of((p.value as Expr & { k: "spread" }).e, base.module))
          .flatMap((v) => this.member(v, name, base.module, on, depth + 1));
    if (this.cuts === before) known.set(name, values);
    return values;
  }

  private packageMember(base: Value & { v: "package" }, name: string): Value[] {
    const path = base.path === "" ? name : `${base.path}.${name}`;
    const bare = path.replace(/^default\.?/, "");
    for (const candidate of new Set([path, bare])) {
      const exit = this.lookup.exitExport(base.specifier, candidate);
      if (exit) return [{ v: "exit", facts: exit, name: `${base.specifier} ${candidate}` }];
      const owner = this.lookup.owners(base.specifier).find((o) => o.register === candidate);
      if (owner) return [{ v: "owner", facts: owner }];
    }
    return [{ v: "package", specifier: base.specifier, path }];
  }

  /** A field or method, looked for along `extends`. */
  private field(cls: Cls, name: string, isStatic: boolean, depth = 0): Value[] {
    const member = cls.members.get(name);
    if (member && (!isStatic || member.isStatic || member.fn === undefined))
      return this.memberValues(member, cls.module);
    if (!cls.superClass || depth > 8) return [];
    return this.of(cls.superClass, cls.module).flatMap((v): Value[] => {
      if (v.v === "class") return this.field(v.cls, name, isStatic, depth + 1);
      if (v.v === "sdk" && v.sdk.is === "class")
        return this.member({ v: "sdk", sdk: { is: "handle", cls: v.sdk.cls } }, name, undefined, undefined);
      return [];
    });
  }

  private memberValues(member: Member, module: Module): Value[] {
    return this.memo(member, () => {
      if (member.fn)
        return member.fn.kind === "accessor" ? this.returned(member.fn) : [{ v: "fn", fn: member.fn }];
      return merge(
        member.values.flatMap((e) => this.of(e, module)),
        this.typed(member.type, module),
      );
    });
  }

  private result(callee: Value, call: Expr & { k: "call" }, module: Module): Value[] {
    switch (callee.v) {
      case "class":
        return call.isNew ? [{ v: "instance", cls: callee.cls }] : [];
      case "fn":
        return this.returned(callee.fn).concat(
          lazySpecifiers(callee.fn, call).flatMap((s) => this.imported(module.file, s, "*")),
        );
      case "member": {
        const { cls: owner, facts } = callee.member;
        const cls = this.lookup.returned(owner.vendor, owner.pkg, facts);
        return cls ? [{ v: "sdk", sdk: { is: "handle", cls } }] : [];
      }
      case "sdk":
        return sdkResult(callee.sdk, this.lookup);
      case "package":
        // an unknown factory of a package: keep the path, so that `yargs(x).exit` and `electron` helpers are still found
        return [
          { v: "package", specifier: callee.specifier, path: call.isNew ? `${callee.path}()` : callee.path },
        ];
      case "global":
        if (callee.path === "Promise.all" || callee.path === "Object.freeze")
          return this.all(call.args.slice(0, 1), module);
        return callee.path === "Map" && call.isNew ? mapped(call) : [];
      default:
        return [];
    }
  }

  private returned(fn: Fn): Value[] {
    return this.memo(fn, () =>
      merge(
        returnsOf(fn.body).flatMap((e) => this.of(e, fn.module)),
        this.typed(fn.returnType, fn.module),
      ),
    );
  }
}
