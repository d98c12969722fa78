import type { Lookup } from "../facts/lookup.js";
import type { Value } from "../facts/value.js";
import { soundsLikeFlush } from "../flow/names.js";
import type { Binding, Call, Cls, Expr, Fn, Module, TypeRef } from "../syntax/ir.js";
import { handedOver } from "./handed-over.js";
import { adoptable, holders, innermost, isInline, markOf, rootOf } from "./marked-code.js";
import type { Values } from "./values.js";

/** What a call of the program means by itself, before any path is looked at. */
export type Mark = "exit" | "start" | "flush" | "capture";

/** What marking needs of the files around a module. */
export interface Neighbours {
  module(file: string): Module | undefined;
  importers(file: string): string[];
  /** Could the file's text name one of these? */
  mentions(file: string, names: Set<string>): boolean;
  resolve(from: string, specifier: string): string | undefined;
}

export interface ModuleMarks {
  direct: { call: Call; fn: Fn; mark: Mark; value: Value }[];
  fns: Set<Fn>;
  /** Exported names through which a marked function can be reached. */
  names: Set<string>;
  top: boolean;
}

/** Modules to spread from, once each; a number above 0 says how many files away a capture is. */
type Queue = Map<Module, number>;

function enqueue(queue: Queue, module: Module, weak: number): void {
  queue.set(module, Math.min(queue.get(module) ?? weak, weak));
}

/** How far up from a capture its callers are followed; exits, starts and flushes are followed to the end. */
const CAPTURE_HOPS = 4;

/**
 * Finds the functions that can come to an exit, a start, a flush or a capture: those that do it, those that mention one that
 * does, across files. Only these are ever walked, and only files that mention a marked name are ever parsed.
 */
export class Marks {
  readonly modules = new Map<Module, ModuleMarks>();
  private readonly files = new Map<string, Module>();
  private readonly interesting: Set<string>;

  constructor(
    private readonly values: Values,
    lookup: Lookup,
    private readonly neighbours: Neighbours,
  ) {
    this.interesting = new Set(["exit", "kill", "abort", "reallyExit"]);
    for (const vendor of lookup.vendors)
      for (const pkg of vendor.packages)
        for (const [name, facts] of Object.entries(pkg.exports)) {
          this.interesting.add(name.split(".").at(-1) ?? name);
          if (facts.kind === "class")
            for (const member of Object.keys(facts.members)) this.interesting.add(member);
        }
  }

  /** The marked module of a file; no other file is read for the question. */
  at(file: string): Module | undefined {
    return this.files.get(file);
  }

  private open(module: Module): ModuleMarks {
    const own: ModuleMarks = { direct: [], fns: new Set(), names: new Set(), top: false };
    this.modules.set(module, own);
    this.files.set(module.file, module);
    return own;
  }

  isMarked(fn: Fn): boolean {
    return this.modules.get(fn.module)?.fns.has(fn) ?? false;
  }

  /** Marks from these files upward. */
  mark(files: string[], startsOnImport: (specifier: string) => boolean): void {
    const queue: Queue = new Map();
    for (const file of files) {
      const module = this.neighbours.module(file);
      if (!module || this.modules.has(module)) continue;
      const own = this.open(module);
      this.addHinted(module);
      let strong = false;
      for (const { call, fn } of module.calls) {
        const found = this.direct(call, module);
        if (!found) continue;
        own.direct.push({ call, fn, ...found });
        this.add(module, fn);
        strong ||= found.mark !== "capture";
      }
      if (module.bindings.some((b) => this.holdsHandle(b, module))) strong = true;
      for (const i of module.imports)
        if (!i.typeOnly && startsOnImport(i.specifier)) {
          this.add(module, module.top);
          strong = true;
        }
      if (own.fns.size > 0 || strong) enqueue(queue, module, strong ? 0 : 1);
    }
    const seeded = new Set(this.modules.keys());
    for (let [next] = queue; next; [next] = queue) {
      queue.delete(next[0]);
      this.spread(...next, queue);
    }
    for (const [module, own] of this.modules)
      if (!seeded.has(module))
        for (const { call, fn } of module.calls) {
          const found = own.fns.has(fn) ? this.direct(call, module) : undefined;
          if (found) own.direct.push({ call, fn, ...found });
        }
  }

  /** A name of the top level that holds a handle: whoever mentions it may flush it. */
  private holdsHandle(bind: Binding, module: Module): boolean {
    let known = this.handles.get(bind);
    if (known === undefined) {
      known =
        bind.kind === "var" &&
        bind.values.some(
          (e) =>
            /^(call|cond|logic|await|mem)$/.test(e.k) &&
            this.values.of(e, module).some((v) => v.v === "sdk" && v.sdk.is === "handle"),
        );
      this.handles.set(bind, known);
    }
    return known;
  }

  private readonly handles = new Map<Binding, boolean>();

  /** Functions that call what by its words may be a flush are worth walking, whatever it resolves to. */
  private addHinted(module: Module): void {
    for (const { call, fn } of module.calls)
      if (fn.kind !== "module" && soundsLikeFlush(call.callee, module.file)) this.add(module, fn);
  }

  /** The meaning of one call. */
  private direct(call: Call, module: Module): { mark: Mark; value: Value } | undefined {
    const { callee } = call;
    const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
    if (name === undefined) return undefined;
    const aliased =
      callee.k === "id" &&
      callee.bind !== undefined &&
      callee.bind.kind !== "function" &&
      callee.bind.kind !== "class";
    if (
      !aliased &&
      !soundsLikeFlush(callee) &&
      !this.interesting.has(name) &&
      !(callee.k === "mem" && this.interesting.has(name))
    )
      return undefined;
    for (const value of this.values.callee(callee, module)) {
      const mark = markOf(value, call);
      if (mark) return { mark, value };
      // an in-house package may flush: the functions around it must not pass for ones that do nothing
      if (value.v === "package" && soundsLikeFlush(callee)) return { mark: "flush", value };
    }
    for (const a of call.args) {
      if (a.k !== "mem" && a.k !== "id") continue;
      for (const value of this.values.of(a, module)) if (value.v === "exit") return { mark: "exit", value };
    }
    return undefined;
  }

  /** Marks a function and those around it. */
  private add(module: Module, fn: Fn): boolean {
    const own = this.modules.get(module);
    if (!own) return false;
    let grew = false;
    let below = fn;
    for (let f: Fn | undefined = fn; f; f = f.parent) {
      if (f.kind === "module") {
        if ((f === fn || isInline(module, below)) && !own.top) own.top = grew = true;
        continue;
      }
      below = f;
      if (!own.fns.has(f)) {
        own.fns.add(f);
        grew = true;
      }
    }
    if (own.top) own.fns.add(module.top);
    return grew;
  }

  /** Follows the names of marked functions inside a module, then into the files that import it. */
  private spread(module: Module, weak: number, queue: Queue): void {
    const own = this.modules.get(module);
    if (!own || weak > CAPTURE_HOPS) return;
    this.settle(module, own);
    this.handOver(module, weak, queue);
    const before = this.spreadAs.get(module);
    if (own.names.size === 0 || (before?.names === own.names.size && before.weak <= weak)) return;
    this.spreadAs.set(module, { names: own.names.size, weak });
    for (const file of this.neighbours.importers(module.file)) {
      if (!this.neighbours.mentions(file, own.names)) continue;
      const importer = this.neighbours.module(file);
      if (importer && this.adopt(importer, module, own.names)) enqueue(queue, importer, weak ? weak + 1 : 0);
    }
  }

  /** With how many names, and how far from a capture, the importers of a module were asked last. */
  private readonly spreadAs = new Map<Module, { names: number; weak: number }>();

  /** A handle that is handed to a function or class of another file can be flushed there. */
  private handOver(module: Module, weak: number, queue: Queue): void {
    if (this.handedFrom.has(module)) return;
    this.handedFrom.add(module);
    for (const { fn, bind, values } of handedOver(module, this.values)) {
      if (this.handedTo.has(bind)) continue;
      this.handedTo.add(bind);
      this.values.hand(bind, values);
      const { module: target, cls } = fn;
      if (!this.modules.has(target)) {
        this.open(target);
        this.addHinted(target);
      }
      for (const taker of target.fns) if (taker === fn || (cls && taker.cls === cls)) this.add(target, taker);
      enqueue(queue, target, weak);
    }
  }

  private readonly handedFrom = new Set<Module>();
  private readonly handedTo = new Set<Binding>();

  /** Inside one module: what holds something marked is marked, and so are the functions that mention it. */
  private settle(module: Module, own: ModuleMarks): void {
    const marked = new Set<Binding>();
    const work: Binding[] = module.bindings.filter((b) => this.adopted.has(b) || this.holdsHandle(b, module));
    const seen = new Set<Fn>();
    const takeFns = (): void => {
      for (const fn of own.fns) {
        if (seen.has(fn) || fn.kind === "module") continue;
        seen.add(fn);
        work.push(...holders(module, fn.at[0]));
      }
    };
    const takeMembers = (): void => {
      for (const cls of module.classes) if (this.addMembers(module, own, cls, marked)) takeFns();
    };
    takeFns();
    takeMembers();
    // what a marked function puts into a list is in the hands of all who use the list
    for (const { call, fn } of module.calls) {
      const { callee } = call;
      const list = callee.k === "mem" && callee.o.k === "id" ? callee.o.bind : undefined;
      if (
        list?.owner.kind === "module" &&
        /^(push|add|set)$/.test((callee as { p?: string }).p ?? "") &&
        own.fns.has(fn)
      )
        work.push(list);
    }
    for (let bind = work.pop(); bind; bind = work.pop()) {
      if (marked.has(bind)) continue;
      marked.add(bind);
      for (const use of bind.uses) {
        this.add(module, use.fn);
        if (use.fn.kind === "module") work.push(...holders(module, use.at[0]));
      }
      this.addTyped(module, bind);
      takeFns();
      takeMembers();
    }
    for (const [name, exported] of module.exports) {
      if (exported.kind !== "value") continue;
      const e = exported.e;
      const inside = (fn: Fn): boolean => fn.kind !== "module" && fn.at[0] >= e.at[0] && fn.at[1] <= e.at[1];
      const uses = [...marked].some((b) => b.uses.some((u) => u.at[0] >= e.at[0] && u.at[1] <= e.at[1]));
      if ((e.k === "id" && e.bind && marked.has(e.bind)) || uses || [...own.fns].some(inside))
        own.names.add(name);
    }
  }

  /** Inside one class: methods that read a field or call a method which is marked. */
  private addMembers(module: Module, own: ModuleMarks, cls: Cls, marked: Set<Binding>): boolean {
    const holds = (e: Expr): boolean =>
      [...marked].some((b) => b.uses.some((u) => u.at[0] >= e.at[0] && u.at[1] <= e.at[1]));
    const names = new Set<string>();
    for (const fn of own.fns) if (fn.cls === cls && fn.name !== undefined) names.add(fn.name);
    for (const [name, member] of cls.members) if (member.values.some(holds)) names.add(name);
    const inherits = cls.superClass && rootOf(cls.superClass);
    let grew = false;
    if (inherits && marked.has(inherits))
      for (const fn of module.fns) if (fn.cls === cls && this.add(module, fn)) grew = true;
    for (let again = names.size > 0; again;) {
      again = false;
      for (const use of cls.uses) {
        if (!names.has(use.name) || !this.add(module, use.fn)) continue;
        grew = again = true;
        for (let f: Fn | undefined = use.fn; f; f = f.parent)
          if (f.cls === cls && f.name !== undefined) names.add(f.name);
      }
    }
    return grew;
  }

  /** A class or function that is handed something marked by its type can come to it in any of its methods. */
  private addTyped(module: Module, bind: Binding): void {
    const names = (types: TypeRef[]): boolean => types.some((t) => rootOf(t.expr) === bind);
    for (const fn of module.fns) if (fn.paramTypes.some((t) => t && names(t))) this.add(module, fn);
    for (const cls of module.classes) {
      const holds =
        [...cls.members.values()].some((m) => names(m.type)) ||
        cls.ctor?.paramTypes.some((t) => t && names(t));
      if (holds) for (const fn of module.fns) if (fn.cls === cls) this.add(module, fn);
    }
  }

  private readonly adopted = new Set<Binding>();

  /** An importer mentions marked names of a module: its functions that use them are marked as well. */
  private adopt(importer: Module, from: Module, names: Set<string>): boolean {
    let own = this.modules.get(importer);
    if (!own) {
      own = this.open(importer);
      this.addHinted(importer);
    }
    let grew = false;
    const reaches = (specifier: string): boolean =>
      this.neighbours.resolve(importer.file, specifier) === from.file;
    for (const bind of importer.bindings) {
      if (!bind.from || this.adopted.has(bind) || !reaches(bind.from.specifier)) continue;
      if (bind.from.name !== "*" && bind.from.name !== "default" && !names.has(bind.from.name)) continue;
      this.adopted.add(bind);
      grew = true;
      for (const use of bind.uses) this.add(importer, use.fn);
    }
    for (const [name, exported] of importer.exports) {
      if (
        exported.kind === "from" &&
        reaches(exported.specifier) &&
        (exported.name === "*" || names.has(exported.name))
      )
        if (!own.names.has(name)) {
          own.names.add(name);
          grew = true;
        }
    }
    for (const specifier of importer.reexports)
      if (reaches(specifier))
        for (const name of names)
          if (name !== "default" && !own.names.has(name)) {
            own.names.add(name);
            grew = true;
          }
    for (const i of importer.imports) {
      if (!reaches(i.specifier)) continue;
      if (!importer.esm)
        for (const bind of holders(importer, i.at[0]))
          if (!this.adopted.has(bind) && adoptable(bind, names)) {
            this.adopted.add(bind);
            grew = true;
          }
      if (i.typeOnly) continue;
      const holder = innermost(importer, i.at[0]);
      if (holder.kind !== "module" || !importer.esm) if (this.add(importer, holder)) grew = true;
    }
    return grew;
  }
}
