import type { Project } from "../../program/project.js";
import { putInto, returnsOf } from "../../program/value-sets.js";
import type { Binding, Cls, Expr, Fn } from "../../syntax/ir.js";
import { assignedTo, assignedToField, seenBy, type Read } from "./assigned.js";
import { exportOf, type Found } from "./exported.js";
import { awaited, either, noEnv, unknown, type Env, type Held, type Holding } from "./holding.js";
import { called } from "./called.js";
import { narrowed } from "./narrowed.js";

/** So many steps for one question, and so many functions one in the other; what takes longer is unknown. */
const MAX_STEPS = 1000;
const MAX_DEPTH = 40;
const MAX_CALLS = 6;

/**
 * Works out what an expression can be: functions of the program are entered with what they are given, a read sees the
 * assignments that come before it. What the text does not show is unknown.
 */
export class Evaluator {
  private readonly known = new WeakMap<Expr, Holding>();
  private readonly put = new WeakMap<Binding, Expr[]>();
  private readonly open = new Map<Expr, Env[]>();
  private steps = 0;
  private depth = 0;
  private calls = 0;
  private cuts = 0;

  constructor(readonly project: Project) {}

  /** What an expression can be, as it stands in a function. */
  of(e: Expr, fn: Fn, env: Env = noEnv): Holding {
    const kept = env === noEnv ? this.known.get(e) : undefined;
    if (kept) return kept;
    if (this.depth === 0) this.steps = 0;
    const opened = this.open.get(e) ?? [];
    // a value that is made of itself adds nothing to what it is made of
    if (opened.includes(env) || ++this.steps > MAX_STEPS || this.depth > MAX_DEPTH) {
      this.cuts++;
      return opened.includes(env) ? [] : unknown;
    }
    const before = this.cuts;
    this.open.set(e, [...opened, env]);
    this.depth++;
    const holding = this.compute(e, fn, env);
    this.depth--;
    this.open.set(e, opened);
    // what a cycle cut short may be more when it is asked for outside of it
    if (env === noEnv && (this.cuts === before || this.depth === 0)) this.known.set(e, holding);
    return holding;
  }

  private compute(e: Expr, fn: Fn, env: Env): Holding {
    switch (e.k) {
      case "id":
        return e.bind ? this.variable(e.bind, { at: e.at, fn }, env) : unknown;
      case "mem":
        if (e.o.k === "this" && e.p !== undefined && e.o.cls) {
          const self = this.self(e.o.cls, env);
          if (self.is === "instance") return this.field(self, e.p, { at: e.at, fn });
        }
        return this.each(this.of(e.o, fn, env), (h) => this.member(h, e.p));
      case "call":
        return called(e, fn, env, this);
      case "await":
        return awaited(this.of(e.e, fn, env));
      case "set":
        return e.op === "=" ? this.of(e.e, fn, env) : unknown;
      case "cond":
        return either([this.of(e.then, fn, env), this.of(e.else, fn, env)]);
      case "logic":
        return e.op === "&&" ? this.of(e.r, fn, env) : either([this.of(e.l, fn, env), this.of(e.r, fn, env)]);
      case "obj":
        return [{ is: "object", obj: e, fn, env }];
      case "arr":
        return [{ is: "list", items: either(e.items.map((i) => this.item(i, fn, env))) }];
      case "fn":
        return [{ is: "function", fn: e.fn, env }];
      case "class":
        return [{ is: "class", cls: e.cls }];
      case "this":
        return e.cls ? [this.self(e.cls, env)] : unknown;
      case "import":
        return e.specifier === undefined
          ? unknown
          : this.found(exportOf(fn.module, e.specifier, "*", this.project));
      case "lit":
        return [];
      default:
        return unknown;
    }
  }

  private self(cls: Cls, env: Env): Held {
    return env.self ?? { is: "instance", cls, given: [], call: undefined, fn: undefined };
  }

  private item(e: Expr, fn: Fn, env: Env): Holding {
    return e.k === "spread" ? this.each(this.of(e.e, fn, env), (h) => this.items(h)) : this.of(e, fn, env);
  }

  private items = (h: Held): Holding => (h.is === "list" ? h.items : unknown);

  private each(holding: Holding, of: (h: Held) => Holding): Holding {
    return either(holding.map(of));
  }

  private variable(bind: Binding, read: Read, env: Env): Holding {
    if (bind.from)
      return this.found(exportOf(bind.owner.module, bind.from.specifier, bind.from.name, this.project));
    if (bind.kind === "catch") return unknown;
    const declared = bind.values.filter((v) => v.k === "fn" || v.k === "class");
    if (bind.kind === "function" || bind.kind === "class")
      return either(declared.map((v) => this.of(v, bind.owner, env)));
    const within = bind.owner.kind === "module" ? noEnv : env;
    const { assigned, always } = seenBy(assignedTo(bind), read);
    const values = assigned.map((a) => this.of(a.e, a.fn, within));
    if (bind.param && !always) values.push(env.vars.get(bind) ?? unknown);
    const held = narrowed(either(values), bind, read, this);
    const put = held.some((h) => h.is === "list") ? this.putInto(bind) : [];
    if (put.length === 0) return held;
    return either([held, [{ is: "list", items: either(put.map((p) => this.item(p, bind.owner, within))) }]]);
  }

  private putInto(bind: Binding): readonly Expr[] {
    let put = this.put.get(bind);
    if (!put) this.put.set(bind, (put = putInto(bind)));
    return put;
  }

  private found(found: Found | undefined): Holding {
    if (!found) return unknown;
    if (!("e" in found)) return [found];
    const { e, module } = found;
    // who imports a variable reads it after the module has run
    const end = module.top.at[1];
    return e.k === "id" && e.bind
      ? this.variable(e.bind, { at: [end, end], fn: module.top }, noEnv)
      : this.of(e, module.top);
  }

  /** A member of what is held; one without a name is any of a list. */
  member(held: Held, name: string | undefined): Holding {
    switch (held.is) {
      case "instance":
        return name === undefined ? unknown : this.field(held, name, undefined);
      case "object": {
        const own = held.obj.props.find((p) => p.name === name && name !== undefined)?.value;
        return own ? this.of(own, held.fn, held.env) : unknown;
      }
      case "module":
        return name === undefined
          ? unknown
          : this.found(exportOf(held.module, undefined, name, this.project));
      case "package":
        return name === undefined ? unknown : [{ is: "package", of: `${held.of}.${name}` }];
      case "list":
        return name === undefined || /^\d+$/.test(name) ? held.items : unknown;
      case "masked":
        return name !== undefined && held.names.has(name) ? unknown : [];
      default:
        return unknown;
    }
  }

  /** A field or method of an instance, looked for along `extends`; `read` is where its own class reads it. */
  private field(self: Held & { is: "instance" }, name: string, read: Read | undefined): Holding {
    let { cls } = self;
    let given = self.given;
    for (let i = 0; i < 8; i++) {
      const member = cls.members.get(name);
      const env: Env = { vars: this.parameters(cls.ctor, given), self };
      if (member?.fn && member.fn.kind === "accessor") return this.returned(member.fn, env);
      if (member?.fn) return [{ is: "function", fn: member.fn, env }];
      if (member) {
        const all = assignedToField(cls, name);
        const { assigned } = read ? seenBy(all, read) : { assigned: all };
        return assigned.length > 0 ? either(assigned.map((a) => this.of(a.e, a.fn, env))) : unknown;
      }
      const parent = this.parentOf(cls);
      if (parent?.is !== "class") return unknown;
      given = this.handedUp(cls, env) ?? given;
      cls = parent.cls;
    }
    return unknown;
  }

  /** The class that a class extends, as far as it is known. */
  parentOf(cls: Cls): Held | undefined {
    return cls.superClass ? this.of(cls.superClass, cls.module.top)[0] : undefined;
  }

  /** What a constructor gives to `super(...)`; undefined without a constructor. */
  private handedUp(cls: Cls, env: Env): readonly Holding[] | undefined {
    const { ctor } = cls;
    if (!ctor) return undefined;
    const call = cls.module.calls.find((c) => c.fn === ctor && c.call.callee.k === "super")?.call;
    return call?.args.map((a) => this.of(a, ctor, env)) ?? [];
  }

  private parameters(fn: Fn | undefined, given: readonly Holding[]): Map<Binding, Holding> {
    const vars = new Map<Binding, Holding>();
    fn?.params.forEach((binds, index) => {
      for (const bind of binds) {
        const rest = fn.rest && index === fn.params.length - 1;
        const whole: Holding = rest
          ? [{ is: "list", items: either(given.slice(index)) }]
          : (given[index] ?? unknown);
        const path = bind.param?.path ?? [];
        vars.set(
          bind,
          path.reduce((h: Holding, name) => this.each(h, (x) => this.member(x, name)), whole),
        );
      }
    });
    return vars;
  }

  /** What a function returns when it is given this. */
  invoke({ fn, env }: Held & { is: "function" }, args: readonly Holding[], on?: Held): Holding {
    if (fn.generator || this.calls >= MAX_CALLS) {
      this.cuts++;
      return unknown;
    }
    const vars = new Map([...env.vars, ...this.parameters(fn, args)]);
    const self = fn.kind === "arrow" || on === undefined ? env.self : on;
    this.calls++;
    const returned = this.returned(fn, { vars, self });
    this.calls--;
    return fn.async ? [{ is: "promise", of: awaited(returned) }] : returned;
  }

  private returned(fn: Fn, env: Env): Holding {
    return either(returnsOf(fn.body).map((e) => this.of(e, fn, env)));
  }
}
