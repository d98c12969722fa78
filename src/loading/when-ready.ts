import { eventsWhenReady, heardWhenReady, listeningMethods, stores, writes } from "../knowledge/electron.js";
import { variablesOf } from "../chain/walk.js";
import { homeOf } from "../ending/misplaced.js";
import { usesEverywhere } from "../program/name-uses.js";
import type { Project } from "../program/project.js";
import type { Binding, Call, Expr, Fn, Module, Stmt } from "../syntax/ir.js";
import { listsOf } from "../syntax/parts.js";

/** A call by which a function comes to run: it calls the function, or is handed it. */
export interface Way {
  call: Call;
  fn: Fn;
  /** The argument as which it is handed to the call. */
  handed?: number;
}

/** What is proven to run only when Electron's app is ready. What cannot be told is not. */
export class WhenReady {
  private readonly open = new Set<Fn>();
  private readonly taken = new Set<Binding>();

  constructor(private readonly project: Project) {}

  /** Whether a call of a function comes only then. */
  isLate(call: Call, fn: Fn): boolean {
    return this.isBehindReady(call, fn, fn.body) || this.isLateFn(fn);
  }

  /** Whether every way by which a function comes to run does. */
  private isLateFn(fn: Fn): boolean {
    // a function that is on its way to itself says nothing new
    if (this.open.has(fn)) return true;
    if (this.open.size > 12) return false;
    this.open.add(fn);
    const ways = this.waysTo(fn);
    const late = ways !== undefined && ways.length > 0 && ways.every((way) => this.isLateWay(way));
    this.open.delete(fn);
    return late;
  }

  /** Whether a function that comes to run this way does so only then. */
  isLateWay(way: Way): boolean {
    const { call, fn, handed } = way;
    if (handed === undefined) return this.isLate(call, fn);
    return (
      this.isHeardWhenReady(call, fn) ||
      this.isRaisedLate(call, fn) ||
      this.isTakenLate(call, fn, handed) ||
      this.isLate(call, fn)
    );
  }

  /** Every way by which a function comes to run; undefined where that is not known. */
  waysTo(fn: Fn): Way[] | undefined {
    const isOne = (a: Expr): boolean => a.k === "fn" && a.fn === fn;
    for (const { call, fn: home } of fn.module.calls) {
      const handed = call.args.findIndex(isOne);
      if (handed >= 0) return [{ call, fn: home, handed }];
      if (isOne(call.callee)) return [{ call, fn: home }];
    }
    const bind = nameOf(fn);
    return bind && this.waysOf(bind);
  }

  /** The calls to which a name leads; undefined where it leads elsewhere as well. */
  private waysOf(bind: Binding): Way[] | undefined {
    const ways: Way[] = [];
    for (const use of usesEverywhere(bind, this.project) ?? [undefined]) {
      const isHere = (e: Expr): boolean => e.k === "id" && e.at[0] === use?.at[0];
      const own = use?.module.calls.find(({ call }) => isHere(call.callee) || call.args.some(isHere));
      if (!own) return undefined;
      ways.push(isHere(own.call.callee) ? own : { ...own, handed: own.call.args.findIndex(isHere) });
    }
    return ways;
  }

  /** Handed to a function of the program that itself hands it on, or calls it, only then. */
  private isTakenLate(call: Call, fn: Fn, handed: number): boolean {
    const [taker, ...others] = this.project.values.callee(call.callee, fn.module);
    if (taker?.v !== "fn" || others.length > 0 || taker.fn.rest) return false;
    const [bind, ...parts] = taker.fn.params[handed] ?? [];
    if (!bind || parts.length > 0 || this.taken.has(bind)) return false;
    this.taken.add(bind);
    const ways = this.waysOf(bind);
    const late = ways !== undefined && ways.length > 0 && ways.every((way) => this.isLateWay(way));
    this.taken.delete(bind);
    return late;
  }

  /** A statement in front of it, on the same path, waits for `app.whenReady()`. */
  private isBehindReady(call: Call, fn: Fn, body: readonly Stmt[]): boolean {
    const index = body.findIndex((s) => s.at[0] <= call.at[0] && call.at[1] <= s.at[1]);
    const around = body[index];
    if (!around) return false;
    if (body.slice(0, index).some((s) => s.s === "expr" && this.waitsForReady(s.e, fn.module))) return true;
    return listsOf(around).some((list) => this.isBehindReady(call, fn, list));
  }

  private waitsForReady(e: Expr, module: Module): boolean {
    const awaited = e.k === "set" ? e.e : e;
    return awaited.k === "await" && this.isReady(awaited.e, module);
  }

  /** `app.whenReady()`. */
  private isReady = (e: Expr, module: Module): boolean =>
    e.k === "call" && this.electron(e.callee, module) === "app.whenReady";

  /** Handed to something of Electron that calls back only then. */
  private isHeardWhenReady(call: Call, fn: Fn): boolean {
    const { callee } = call;
    if (callee.k !== "mem" || callee.p === undefined) return false;
    if (/^(then|finally)$/.test(callee.p)) return this.isReady(callee.o, fn.module);
    if (!listeningMethods.has(callee.p)) return false;
    const path = this.electron(callee.o, fn.module);
    if (path === undefined) return false;
    return path === "app" ? eventsWhenReady.has(textOf(call.args[0]) ?? "") : heardWhenReady.test(path);
  }

  /** Handed to an emitter or a store of the program, every raise of which comes only then. */
  private isRaisedLate(call: Call, fn: Fn): boolean {
    const { callee } = call;
    const event = textOf(call.args[0]);
    if (callee.k !== "mem" || callee.o.k !== "id" || !callee.o.bind || event === undefined) return false;
    const home = homeOf(callee.o.bind, fn.module, this.project);
    const kind = home && this.kindOf(home.bind);
    if (!kind) return false;
    const listens = kind === "store" ? callee.p === "onDidChange" : listeningMethods.has(callee.p ?? "");
    const uses = listens ? usesEverywhere(home.bind, this.project) : undefined;
    if (!uses) return false;
    let raises = 0;
    for (const use of uses) {
      const own = use.module.calls.find(
        ({ call: c }) => c.callee.k === "mem" && c.callee.o.k === "id" && c.callee.o.at[0] === use.at[0],
      );
      const method = own?.call.callee.k === "mem" ? own.call.callee.p : undefined;
      // handed on, written to, or read in a way that is not seen
      if (!own || method === undefined) return false;
      if (kind === "store" ? !writes.has(method) : method !== "emit") continue;
      const other = textOf(own.call.args[0]);
      if (other !== undefined && other !== event) continue;
      raises++;
      if (!this.isLate(own.call, own.fn)) return false;
    }
    return raises > 0;
  }

  /** What a name holds from the start to the end. */
  private kindOf({ values, owner }: Binding): "emitter" | "store" | undefined {
    const [made] = values;
    if (made?.k !== "call" || !made.isNew || values.length > 1) return undefined;
    // a store that watches its file hears others write
    const watches = made.args.some(
      (a) => a.k !== "obj" || a.props.some((p) => p.name === undefined || p.name === "watch"),
    );
    for (const v of this.project.values.callee(made.callee, owner.module)) {
      if (v.v !== "package") continue;
      if (/^(node:)?events$/.test(v.specifier)) return "emitter";
      if (stores.has(v.specifier) && !watches) return "store";
    }
    return undefined;
  }

  /** What of Electron an expression is: `app`, `app.whenReady`. */
  private electron(e: Expr, module: Module): string | undefined {
    for (const v of this.project.values.of(e, module))
      if (v.v === "package" && /^electron(\/main)?$/.test(v.specifier))
        return v.path.replace(/^default\./, "");
    return undefined;
  }
}

const textOf = (e: Expr | undefined): string | undefined =>
  e?.k === "lit" && typeof e.v === "string" ? e.v : undefined;

/** The only name under which a function is known. */
function nameOf(fn: Fn): Binding | undefined {
  const holds = (b: Binding): boolean => b.values.some((v) => v.k === "fn" && v.fn === fn);
  const held = new Set([...fn.module.bindings, ...variablesOf(fn.module)].filter(holds));
  const [bind] = held;
  return held.size === 1 && bind?.values.length === 1 ? bind : undefined;
}
