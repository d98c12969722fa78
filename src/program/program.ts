import type { Lookup } from "../facts/lookup.js";
import type { Value } from "../facts/value.js";
import { has, State, type States } from "../flow/state.js";
import { Walk } from "../flow/walk.js";
import type { Hit, World } from "../flow/world.js";
import type { Vendor } from "../knowledge/schema.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import type { Entry, ProjectIndex } from "./index/types.js";
import { eventNames } from "./event-names.js";
import { neverCalled, type Callers } from "./never-called.js";
import { isGivenNoInstrumentation, madeOf, sendsAtOnce, sendsEachAtOnce, sendsNothing } from "./sinks.js";
import { outward, rootsOf } from "./roots.js";
import { isOfThread } from "./threads.js";
import type { Marks } from "./marks.js";
import type { Values } from "./values.js";

/** What running one program from its entry met. */
export interface Run {
  entry: Entry;
  /** With `entry`, those that load the same files of any matter. */
  entries: readonly Entry[];
  hits: Hit[];
  /** Vendors that the program starts. */
  started: Map<Vendor, Hit>;
  /** Captures of vendors, on any path. */
  captured: Set<Vendor>;
  /** Vendors that only write to the console, to memory, to those who come and ask, or nowhere: an exit loses nothing of theirs. */
  local: Set<Vendor>;
  /** Vendors that hand over each item when it is captured: only what is on its way can be lost. */
  atOnce: Set<Vendor>;
  /** Vendors that get only what the program itself records: while it starts, nothing. */
  byHand: Set<Vendor>;
  /** Vendors started by a package that the command line preloads. */
  preloaded: readonly Vendor[];
  /** How the calls of functions that give a promise may fail. */
  failures: ReadonlyMap<Call, States>;
  /** How the handlers of its commands may fail. */
  commandFailures: States;
  /** Every file that it can load. */
  files: ReadonlySet<string>;
  exhausted: boolean;
  /** What expressions of its modules can be. */
  values: Values;
}

/** What a run needs of the project. */
export interface Surroundings {
  index: ProjectIndex;
  lookup: Lookup;
  values: Values;
  marks: Marks;
  module(file: string): Module | undefined;
  /** What a condition always comes to. */
  always(test: Expr): boolean | undefined;
}

const setUp = (states: States): States =>
  has(states, State.Worked | State.Background)
    ? (states & ~(State.Worked | State.Background)) | State.Busy
    : states;

/** Names of entries that are run by hand for one purpose: they are live only when they start telemetry themselves. */
export const ONE_PURPOSE = /(^|\/)(scripts?|tools?|migrations?|seeds?|bench(marks?)?|examples?|codegen|ci)\//;

/** Runs the marked code of one program, in evaluation order, and collects what its paths meet. */
export class ProgramRun implements World {
  readonly hits: Hit[] = [];
  readonly started = new Map<Vendor, Hit>();
  readonly captured = new Set<Vendor>();
  private readonly walk = new Walk(this);
  private readonly reached: Set<string>;

  constructor(
    private readonly around: Surroundings,
    private readonly entry: Entry,
    files: Set<string>,
    private readonly capturesCrashes: boolean,
    private readonly entries: readonly Entry[] = [entry],
  ) {
    this.reached = files;
  }

  /** Runs the program from its entry. */
  run(): void {
    const { marks, index } = this.around;
    let states: States = State.Idle;
    for (const specifier of this.entry.preloadPackages) states = this.load(specifier, states, undefined);
    for (const file of index.evaluationOrder(this.entry)) {
      const module = marks.at(file);
      if (!module) continue;
      for (const i of module.imports)
        if (!i.typeOnly && module.esm) states = this.load(i.specifier, states, module, i.at);
      if (!marks.modules.get(module)?.top) continue;
      const top = this.walk.run(module.top, states, { call: undefined, fn: module.top, as: "entry" });
      // a module that ends the process on every path ends the program
      if (top.ok === 0) break;
      // what is imported is evaluated to set the program up; its work begins with the entry
      states = file === this.entry.file ? top.ok : setUp(top.ok);
    }
  }

  /** Calls that some walked path has met. */
  met(): Set<Call> {
    return new Set(this.hits.map((h) => h.call).filter((c) => c !== undefined));
  }

  /** @param elsewhere calls that other programs of the project meet on their own paths */
  finish(elsewhere: Set<Call>): Run {
    this.rest(elsewhere);
    return {
      entry: this.entry,
      entries: this.entries,
      hits: this.hits,
      started: this.started,
      captured: this.captured,
      ...this.sinks(),
      preloaded: this.preloaded,
      failures: this.walk.failures,
      commandFailures: this.walk.commandFailures,
      files: this.reached,
      exhausted: this.walk.exhausted,
      values: this.around.values,
    };
  }

  /** Vendors that this program's set-up turns into one that sends nothing, or that sends each item at once. */
  private sinks(): Pick<Run, "local" | "atOnce" | "byHand"> {
    const local = new Set<Vendor>();
    const atOnce = new Set<Vendor>();
    const byHand = new Set<Vendor>();
    for (const vendor of this.started.keys()) {
      const starts = this.hits.filter((h) => h.kind === "start" && h.vendor === vendor);
      const modules = new Set(starts.map((h) => h.fn.module));
      const made = [...modules].flatMap((m) => madeOf(vendor, m, (e) => this.callee(e, m)));
      if (sendsNothing(made, [...modules])) local.add(vendor);
      else if (sendsAtOnce(made) || starts.every(sendsEachAtOnce)) atOnce.add(vendor);
      if (isGivenNoInstrumentation(made) && !this.instruments()) byHand.add(vendor);
    }
    return { local, atOnce, byHand };
  }

  /** Whether some file of the program may patch what records by itself. */
  private instruments(): boolean {
    const { index } = this.around;
    return [...this.reached].some((file) =>
      index.scan(file).imports.some((i) => i.kind !== "type" && /instrumentation/.test(i.specifier)),
    );
  }

  private load(specifier: string, states: States, module: Module | undefined, at = module?.top.at): States {
    const found = this.around.lookup.package(specifier);
    if (!found?.pkg.startsOnImport) return states;
    if (module && at) {
      const fn = module.top;
      this.hit({
        kind: "start",
        at,
        fn,
        states,
        stack: [],
        vendor: found.vendor,
        guards: 0,
        loop: undefined,
        inTimer: false,
      });
    } else if (!this.started.has(found.vendor)) this.preloaded.push(found.vendor);
    return states === State.Idle ? State.Quiet : states;
  }

  private settled: Set<Call> | undefined;

  /** Vendors started by a package that the command line preloads. */
  readonly preloaded: Vendor[] = [];

  /** Functions that no walked path has called: framework hooks, methods behind injection, handlers handed to unknown code. */
  private rest(elsewhere: Set<Call>): void {
    const { marks } = this.around;
    this.settled = this.met();
    const met = new Set([...elsewhere, ...this.settled]);
    const home = this.around.index.packageOf(this.entry.file)?.dir;
    for (const [module, own] of marks.modules) {
      if (!this.reached.has(module.file)) continue;
      for (const mark of ["start", "exit", "flush", "capture"] as const) {
        if (mark !== "exit" && this.started.size > 0 && mark === "start") continue;
        for (const direct of own.direct) {
          if (direct.mark !== mark || met.has(direct.call) || direct.fn.kind === "module") continue;
          // a library's own exit is for those who call it to judge
          if (mark === "exit" && this.around.index.packageOf(module.file)?.dir !== home) continue;
          if (mark === "start" && (ONE_PURPOSE.test(this.entry.file) || this.idle(direct.fn))) continue;
          if (outward(direct.fn).some((fn) => this.walk.unneeded.has(fn))) continue;
          const leads = mark === "start" || mark === "exit";
          const outer = leads ? rootsOf(direct.fn, (e, m) => this.callee(e, m)) : [];
          // it is called by functions that nobody in this program calls
          if (mark === "start" && outer.every((fn) => this.idle(fn))) continue;
          // what a function hands back (an object with methods) is called by whoever asked for it
          for (const fn of [...outer, ...outward(direct.fn).reverse()]) {
            if (met.has(direct.call)) break;
            const states = mark === "start" ? State.Idle : State.Quiet;
            this.walk.run(fn, states, { call: undefined, fn, as: "callback" });
            for (const h of this.hits) if (h.call) met.add(h.call);
          }
        }
      }
    }
  }

  /** Whether nobody in this program calls a function. */
  private idle(fn: Fn): boolean {
    let known = this.idleFns.get(fn);
    if (known === undefined) this.idleFns.set(fn, (known = neverCalled(fn, this.callers)));
    return known;
  }

  private readonly idleFns = new Map<Fn, boolean>();

  private get callers(): Callers {
    return {
      index: this.around.index,
      files: this.reached,
      entries: new Set(this.entries.map((e) => e.file)),
      module: (file) => this.around.module(file),
    };
  }

  values(expr: Expr, module: Module): Value[] {
    return this.around.values.of(expr, module);
  }

  callee(expr: Expr, module: Module): Value[] {
    return this.around.values.callee(expr, module);
  }

  events(call: Call, module: Module): string[] {
    return eventNames(call, module, this.around.values);
  }

  always(test: Expr): boolean | undefined {
    return this.around.always(test);
  }

  relevant(fn: Fn): boolean {
    return this.around.marks.isMarked(fn);
  }

  later(kind: "event" | "crash"): States {
    return kind === "crash" && this.capturesCrashes ? State.Captured : State.Worked;
  }

  loads(specifier: string, from: Module): { top?: Fn; starts?: Vendor } {
    const file = this.around.index.resolve(from.file, specifier);
    if (file === undefined) {
      const found = this.around.lookup.package(specifier);
      return found?.pkg.startsOnImport ? { starts: found.vendor } : {};
    }
    const { marks } = this.around;
    const module = marks.at(file);
    return module && marks.modules.get(module)?.top ? { top: module.top } : {};
  }

  hit(hit: Hit): void {
    // the process is ending already
    if (hit.kind === "exit" && hit.stack.some((s) => s.event === "exit")) return;
    if (hit.kind === "exit" && this.entry.reason !== "worker" && isOfThread(hit.fn, hit.at)) return;
    // what the program's own paths have met is judged by them alone
    if (hit.call && this.settled?.has(hit.call) && (hit.kind === "exit" || hit.kind === "flush")) return;
    // a wrapper may keep what it is given, and nobody asks for it
    if (hit.kind === "start" && this.idle(hit.fn)) return;
    this.hits.push(hit);
    if (!hit.vendor) return;
    if (hit.kind === "start" && !hit.developing && !this.started.has(hit.vendor))
      this.started.set(hit.vendor, hit);
    if (hit.kind === "capture") this.captured.add(hit.vendor);
  }
}
