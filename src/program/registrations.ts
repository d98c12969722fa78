import { listenerLibraries, processEvents } from "../knowledge/process.js";
import { lifecycleHooks, owners } from "../knowledge/owners.js";
import type { OwnerFacts } from "../knowledge/schema.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import { eventNames } from "./event-names.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";
import { functionsIn } from "./reach.js";

/** Where code is registered that runs when the program ends. */
export interface Registration {
  /** `signal`, `natural` (beforeExit), `exit`, `crash`: events of the process. `owner`: a library that ends the process. `hook`: a method that a framework calls. */
  kind: "signal" | "natural" | "exit" | "crash" | "owner" | "hook";
  /** Process events it is registered for; empty for owners and hooks. */
  events: string[];
  /** The registration; absent for a hook. */
  call: Call | undefined;
  /** The function in which it is registered, or the hook itself. */
  fn: Fn;
  /** What runs. */
  listeners: Fn[];
  /** Some of what runs is not shown by the program. */
  unresolved: boolean;
  /** For an owner: its name. */
  owner?: string;
}

/** Every registration in the files of a program, in the order of the files. */
export function registrationsIn(run: Pick<Run, "files">, project: Project): Registration[] {
  const { index } = project;
  const found: Registration[] = [];
  for (const file of [...run.files].sort()) {
    const scan = index.scan(file);
    const owned = scan.imports.some((i) => mayOwn(i.specifier));
    if ((!scan.endings && !owned) || index.isTest(file)) continue;
    const module = project.module(file);
    if (!module) continue;
    for (const { call, fn } of module.calls) {
      const one = ofProcess(call, fn, project) ?? (owned ? ofLibrary(call, fn, project) : undefined);
      if (one) found.push(one);
    }
    found.push(...hooksIn(module));
  }
  return found;
}

const owning = new Set([...listenerLibraries, ...lifecycleHooks, ...owners].flatMap((l) => l.modules));
const mayOwn = (specifier: string): boolean => owning.has(specifier);

const REGISTERS =
  /^(process\.(on|once|addListener|prependListener|prependOnceListener)|Deno\.addSignalListener)$/;

function ofProcess(call: Call, fn: Fn, project: Project): Registration | undefined {
  const { callee } = call;
  if (callee.k !== "mem" || call.args.length < 2) return undefined;
  const ofProcess = project.values
    .of(callee, fn.module)
    .some((v) => v.v === "global" && REGISTERS.test(v.path));
  if (!ofProcess) return undefined;
  const events = eventNames(call, fn.module, project.values).filter((name) =>
    processEvents.some((e) => e.name === name),
  );
  if (events.length === 0 || isRemoved(call, fn.module)) return undefined;
  return { kind: kindOf(events), events, call, fn, ...given(call.args[1], fn, project) };
}

/** `process.off("SIGTERM", abort)` somewhere: it is not there at the end. */
function isRemoved({ args }: Call, module: Module): boolean {
  const listener = args[1];
  if (listener?.k !== "id" || !listener.bind) return false;
  return module.calls.some(
    ({ call: { callee, args: off } }) =>
      callee.k === "mem" &&
      /^(off|removeListener)$/.test(callee.p ?? "") &&
      off[1]?.k === "id" &&
      off[1].bind === listener.bind,
  );
}

/** Of several events, the one in which most can still be done. */
function kindOf(events: string[]): Registration["kind"] {
  const kinds = events.map((name) => processEvents.find((e) => e.name === name)?.kind);
  if (kinds.includes("signal")) return "signal";
  if (events.includes("beforeExit")) return "natural";
  return kinds.includes("crash") ? "crash" : "exit";
}

function given(e: Expr | undefined, fn: Fn, project: Project): { listeners: Fn[]; unresolved: boolean } {
  const listeners = e ? functionsIn(e, fn, project.values) : [];
  const logs =
    e !== undefined &&
    project.values.of(e, fn.module).some((v) => v.v === "global" && v.path.startsWith("console."));
  return { listeners, unresolved: listeners.length === 0 && !logs };
}

function ofLibrary(call: Call, fn: Fn, project: Project): Registration | undefined {
  for (const value of project.values.callee(call.callee, fn.module)) {
    if (value.v === "owner") {
      const { name, register } = value.facts;
      const facts = owners.find((o) => o.name === name && o.register === register && asked(o, call));
      return facts && owned(call, fn, facts, project);
    }
    if (value.v !== "package") continue;
    const path = value.path.replace(/^default\.?/, "");
    const facts = project.lookup
      .owners(value.specifier)
      .find((o) => o.method === true && path.split(".").at(-1) === o.register && asked(o, call));
    if (facts) return owned(call, fn, facts, project);
    const library = listenerLibraries.find(
      (l) => l.modules.includes(value.specifier) && (path || "default") === l.register,
    );
    if (library)
      return {
        kind: library.syncOnly ? "exit" : "signal",
        events: library.events,
        call,
        fn,
        ...given(call.args[library.callback.argument], fn, project),
      };
  }
  return undefined;
}

function asked({ when }: OwnerFacts, call: Call): boolean {
  if (!when) return true;
  const argument = call.args[when.argument];
  return argument?.k === "lit" && argument.v === when.equals;
}

function owned(call: Call, fn: Fn, facts: OwnerFacts, project: Project): Registration {
  const listeners: Fn[] = [];
  let unresolved = false;
  for (const { argument, properties } of facts.callbacks) {
    const e = call.args[argument];
    if (!e) continue;
    const parts =
      properties && e.k === "obj"
        ? e.props.filter((p) => p.name !== undefined && properties.includes(p.name)).map((p) => p.value)
        : [e];
    for (const part of parts) {
      const fns = functionsIn(part, fn, project.values);
      listeners.push(...fns);
      unresolved ||= fns.length === 0 && (part.k === "id" || part.k === "mem" || part.k === "call");
    }
  }
  return { kind: "owner", events: [], call, fn, listeners, unresolved, owner: facts.name };
}

/** Methods that a framework awaits on its own classes when the application is closed. */
function hooksIn(module: Module): Registration[] {
  return module.classes.flatMap((cls) =>
    lifecycleHooks
      .filter((h) => cls.decorators.some((d) => h.decorators.includes(d)))
      .flatMap((h) =>
        h.methods.flatMap((name) => {
          const fn = cls.members.get(name)?.fn;
          return fn
            ? [
                {
                  kind: "hook" as const,
                  events: [],
                  call: undefined,
                  fn,
                  listeners: [fn],
                  unresolved: false,
                  owner: h.name,
                },
              ]
            : [];
        }),
      ),
  );
}
