import type { Project } from "../../src/program/project.js";
import type { Call, Expr, Fn, Module } from "../../src/syntax/ir.js";

/** A listener for a signal that asks the process to end. */
export interface SignalListener {
  call: Call;
  /** One name, or both of the usual ones where the program registers them in a loop. */
  signals: string[];
  /** Undefined when the program does not show the function. */
  fn: Fn | undefined;
}

/** The signals that a supervisor and a terminal send. */
export const SIGNALS = ["SIGTERM", "SIGINT"];

const REGISTERS = new Set(["on", "once", "addListener", "prependListener", "prependOnceListener"]);
const MENTIONS = /SIGTERM|SIGINT|enableShutdownHooks/;

/** The signal listeners that a module registers on the process. */
export function signalListeners(project: Project, module: Module): SignalListener[] {
  const text = project.index.read(module.file) ?? "";
  return module.calls.flatMap(({ call }) => {
    const { callee, args } = call;
    if (callee.k !== "mem" || !REGISTERS.has(callee.p ?? "") || !isProcess(project, callee.o, module))
      return [];
    const signals = signalsNamed(args[0], text);
    if (signals.length === 0) return [];
    const fns = args[1]
      ? project.values.of(args[1], module).flatMap((v) => (v.v === "fn" ? [v.fn] : []))
      : [];
    return [{ call, signals, fn: fns.length === 1 ? fns[0] : undefined }];
  });
}

/** Signals that other files of the programs around a file listen for, or leave to a library that does. */
export function signalsElsewhere(project: Project, file: string): Set<string> {
  const taken = new Set<string>();
  for (const other of programFiles(project, file)) {
    if (other === file || project.index.isTest(other)) continue;
    const text = project.index.read(other) ?? "";
    const module = MENTIONS.test(text) || mayOwn(project, other) ? project.module(other) : undefined;
    if (!module) continue;
    for (const { signals } of signalListeners(project, module)) for (const s of signals) taken.add(s);
    if (leavesToOwner(project, module)) for (const s of SIGNALS) taken.add(s);
  }
  const own = project.module(file);
  if (own && leavesToOwner(project, own)) for (const s of SIGNALS) taken.add(s);
  return taken;
}

const mayOwn = (project: Project, file: string): boolean =>
  project.index.scan(file).imports.some((i) => project.lookup.owners(i.specifier).length > 0);

/** A library that ends the process itself was given callbacks. */
const leavesToOwner = (project: Project, module: Module): boolean =>
  module.calls.some(
    ({ call }) =>
      (call.callee.k === "mem" && call.callee.p === "enableShutdownHooks") ||
      project.values.of(call.callee, module).some((v) => v.v === "owner"),
  );

/** Every file that a program which loads this one can load. */
function programFiles(project: Project, file: string): Set<string> {
  const reached = new Set<string>();
  const work = project.index.entriesOf(file).flatMap((entry) => [entry.file, ...entry.preloads]);
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    for (const edge of project.index.imports(next)) if (edge.kind !== "type") work.push(edge.file);
  }
  return reached;
}

const isProcess = (project: Project, e: Expr, module: Module): boolean =>
  project.values.of(e, module).some((v) => v.v === "global" && v.path === "process");

function signalsNamed(e: Expr | undefined, text: string): string[] {
  if (e?.k === "lit") return typeof e.v === "string" && e.v.startsWith("SIG") ? [e.v] : [];
  // a loop over names: the names are in the file somewhere
  return e?.k === "id" ? SIGNALS.filter((name) => text.includes(name)) : [];
}
