import type { Project } from "../../src/program/project.js";
import type { Call, Cls, Expr, Fn, Module, TypeRef } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { nodeOf } from "../flush/helpers.js";
import { child, list, openSource, type Source } from "../edit/source.js";
import { isListener, mentionsOf } from "../exit/callers.js";

/** A call of a function of the program. */
export interface Caller {
  source: Source;
  call: Node;
}

/**
 * The calls of a function, in its own file and in others; what hands it on to be called later is left out. Undefined when it is
 * handed around in a way that hides who calls it.
 */
export function callersOf(project: Project, source: Source, fn: Node): Caller[] | undefined {
  const mentions = mentionsOf(project, source, fn);
  if (!mentions) return callersByValue(project, source, fn);
  const callers: Caller[] = [];
  for (const { source: home, node } of mentions) {
    const parent = home.parentOf(node);
    if (!parent) return undefined;
    if (isListener(project, home, parent, node) || isHandler(home, parent, node)) continue;
    if (parent.type !== "CallExpression" || child(parent, "callee") !== node) return undefined;
    callers.push({ source: home, call: parent });
  }
  return callers;
}

/** `{ onSignal: stop }` in the options of a call. */
function isHandler(source: Source, parent: Node, node: Node): boolean {
  if (parent.type !== "Property" || child(parent, "value") !== node) return false;
  for (const up of source.ancestors(parent)) {
    if (up.type === "CallExpression") return list(up, "arguments").length > 0;
    if (up.type !== "ObjectExpression" && up.type !== "Property") return false;
  }
  return false;
}

/** Calls that the program is seen to make of a method or a property, by what they resolve to or by the interface they go through. */
function callersByValue(project: Project, source: Source, node: Node): Caller[] | undefined {
  const module = project.module(source.file);
  const fn = module?.fns.find((f) => nodeOf(source, f) === node);
  if (!module || !fn || fn.kind === "constructor" || fn.kind === "accessor") return undefined;
  const found: Caller[] = [];
  for (const home of modulesAround(project, module, fn)) {
    const calls = home.calls.filter(({ call }) => isCallOf(project, home, call, fn));
    const opened = calls.length > 0 ? openSource(project, home.file) : undefined;
    for (const { call } of calls) {
      const at = opened?.at(call.at, "CallExpression");
      if (!opened || !at) return undefined;
      found.push({ source: opened, call: at });
    }
  }
  return found;
}

function modulesAround(project: Project, module: Module, { cls }: Fn): Set<Module> {
  const found = new Set<Module>([module, ...project.marks.modules.keys()]);
  const { index } = project;
  const named = cls?.implemented ?? [];
  const users =
    named.length === 0
      ? index.importers(module.file)
      : index.sources.filter((file) => named.some((name) => index.read(file)?.includes(name)));
  for (const file of users) {
    const importer = project.module(file);
    if (importer) found.add(importer);
  }
  return found;
}

function isCallOf(project: Project, home: Module, call: Call, fn: Fn): boolean {
  const { callee } = call;
  const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
  if (callee.k === "mem" && name !== fn.name) return false;
  if (project.values.of(callee, home).some((v) => v.v === "fn" && v.fn === fn)) return true;
  return callee.k === "mem" && fn.cls !== undefined && goesThrough(callee.o, fn.cls);
}

/** The receiver is declared as an interface that the class implements. */
function goesThrough(receiver: Expr, cls: Cls): boolean {
  return typesOf(receiver).some(({ expr }) => expr.k === "id" && cls.implemented.includes(expr.name));
}

function typesOf(e: Expr): TypeRef[] {
  if (e.k === "id") {
    const { bind } = e;
    return [...(bind?.type ?? []), ...(bind?.param?.fn.paramTypes[bind.param.index] ?? [])];
  }
  if (e.k === "mem" && e.o.k === "this" && e.p !== undefined) return e.o.cls?.members.get(e.p)?.type ?? [];
  return [];
}
