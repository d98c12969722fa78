import type { Call, Fn, Stmt } from "../syntax/ir.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { returnsOf } from "../program/value-sets.js";

/** A named function, or a method of a plain class, that no file of the program calls or hands on. */
export function isUncalled(inner: Fn, run: Run, project: Project): boolean {
  let fn = inner;
  while (fn.parent && fn.parent.kind !== "module") fn = fn.parent;
  if (fn.kind === "module") return false;
  if (fn !== inner && isHandedBack(inner, fn)) return isDroppedByAll(fn, run, project);
  return fn.cls ? isUncalledMethod(fn, run, project) : isUncalledFunction(fn, project);
}

/** `return () => sdk.shutdown()`. */
const isHandedBack = (inner: Fn, outer: Fn): boolean =>
  returnsOf(outer.body).some((e) => e.k === "fn" && e.fn === inner);

/** Every call of a function is a statement of its own: what it hands back is dropped. */
function isDroppedByAll(fn: Fn, run: Run, project: Project): boolean {
  let calls = 0;
  for (const module of project.marks.modules.keys()) {
    if (!run.files.has(module.file)) continue;
    for (const { call, fn: home } of module.calls) {
      if (!project.values.callee(call.callee, module).some((v) => v.v === "fn" && v.fn === fn)) continue;
      if (!isStatement(call, home.body)) return false;
      calls++;
    }
  }
  return calls > 0;
}

/** A call that stands alone. `awaited`: or that is awaited alone. */
export const isStatement = (call: Call, body: readonly Stmt[], awaited = true): boolean =>
  body.some((s) => {
    switch (s.s) {
      case "expr":
        return s.e === call || ((s.e.k === "void" || (awaited && s.e.k === "await")) && s.e.e === call);
      case "if":
        return isStatement(call, s.then, awaited) || isStatement(call, s.else ?? [], awaited);
      case "block":
      case "loop":
      case "label":
        return isStatement(call, s.body, awaited);
      case "try":
        return [s.block, s.handler ?? [], s.finalizer ?? []].some((b) => isStatement(call, b, awaited));
      default:
        return false;
    }
  });

/** An exported function of a file that is no entry, which no file of this program mentions: it is there for another one. */
export const isOfAnother = (fn: Fn, run: Run, project: Project): boolean =>
  fn.parent?.kind === "module" &&
  !fn.cls &&
  project.index.entries().every((e) => e.file !== fn.module.file) &&
  !isUncalledFunction(fn, project) &&
  isUncalledFunction(fn, project, run.files);

/** @param among the files that count; absent: all of the project */
function isUncalledFunction(fn: Fn, project: Project, among?: ReadonlySet<string>): boolean {
  const { module } = fn;
  const bind = module.bindings.find((b) => b.values.some((v) => v.k === "fn" && v.fn === fn));
  if (!bind || bind.uses.some((u) => u.fn !== fn && !isExport(module, u.at))) return false;
  const names = [...module.exports]
    .filter(([, e]) => e.kind === "value" && e.e.k === "id" && e.e.bind === bind)
    .map(([name]) => name);
  return !isMentioned(module.file, names, project, new Set(), among);
}

const isExport = (module: Fn["module"], at: readonly [number, number]): boolean =>
  [...module.exports.values()].some((e) => e.kind === "value" && e.e.at[0] <= at[0] && at[1] <= e.e.at[1]);

const ANY_MEMBER = /\*\s+as\b|require\(/;
const TAKES_ALL = /(\*\s+as\b|require\(|import\()[^;\n]*/g;

/** Takes a file as a whole, by whose members it may go on to. */
const takesAll = (text: string, file: string): boolean => {
  const name = file.replace(/^.*\//, "").replace(/\.\w+$/, "");
  return [...text.matchAll(TAKES_ALL)].some(([taken]) => taken.includes(name));
};

/** Some importer says the name; a barrel only hands it on. */
function isMentioned(
  file: string,
  names: string[],
  project: Project,
  seen: Set<string>,
  among?: ReadonlySet<string>,
): boolean {
  if (names.length === 0 || seen.has(file)) return false;
  seen.add(file);
  if (names.includes("default")) return true;
  return project.index.importers(file).some((importer) => {
    if (among && !among.has(importer)) return false;
    const text = project.index.read(importer);
    if (text === undefined || (among ? takesAll(text, file) : ANY_MEMBER.test(text))) return true;
    const own = text.replace(/export\s*\{[^}]*\}\s*from/g, "");
    if (names.some((name) => own.includes(name))) return true;
    const handsOn = own !== text || /export\s*\*/.test(text);
    return handsOn && isMentioned(importer, names, project, seen, among);
  });
}

/** No call of that name that could be on an instance of the class, and no other mention of it. */
function isUncalledMethod(fn: Fn, run: Run, project: Project): boolean {
  const { cls, name } = fn;
  if (name === undefined || /\W/.test(name)) return false;
  if (cls && (cls.decorators.length > 0 || cls.implemented.length > 0)) return false;
  const handedOn = new RegExp(`\\.${name}\\b(?!\\s*[(!?])|[{,]\\s*${name}\\s*[,}]|["']${name}["']`);
  for (const file of run.files) {
    const text = project.index.read(file);
    if (text?.includes(name) !== true || project.index.isTest(file)) continue;
    const module = project.module(file);
    if (!module || handedOn.test(text)) return false;
    for (const { call, fn: home } of module.calls) {
      if (call.callee.k !== "mem" || call.callee.p !== name || home === fn) continue;
      const values = project.values.callee(call.callee, module);
      if (values.length === 0 || values.some((v) => v.v === "fn" && v.fn === fn)) return false;
    }
  }
  return true;
}
