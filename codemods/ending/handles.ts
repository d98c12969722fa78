import type { Project } from "../../src/program/project.js";
import { returnsOf } from "../../src/program/value-sets.js";
import type { Value } from "../../src/facts/value.js";
import type { Call, Expr, Module } from "../../src/syntax/ir.js";

const MAX_HOPS = 12;

/**
 * The calls of the program that made what an expression stands for: two expressions with one of them in common can be the
 * same handle. Empty when the program does not show it.
 */
export function creationsOf(expr: Expr, module: Module, project: Project, hops = 0): Set<Expr> {
  const found = new Set<Expr>();
  if (hops > MAX_HOPS) return found;
  const follow = (next: Expr | undefined, home = module): void => {
    if (next) for (const c of creationsOf(next, home, project, hops + 1)) found.add(c);
  };
  switch (expr.k) {
    case "id":
      if (expr.bind?.from) imported(project, module, expr.bind.from.specifier, expr.bind.from.name, follow);
      else for (const value of expr.bind?.values ?? []) follow(value, expr.bind?.owner.module);
      break;
    case "mem":
      for (const base of project.values.of(expr.o, module)) memberOf(base, expr.p, follow, project);
      break;
    case "call":
      if (expr.isNew) found.add(expr);
      else if (isStart(project.values.of(expr.callee, module))) found.add(expr);
      else
        for (const callee of project.values.of(expr.callee, module))
          if (callee.v === "fn")
            for (const returned of returnsOf(callee.fn.body)) follow(returned, callee.fn.module);
      break;
    case "await":
    case "set":
      follow(expr.e);
      break;
    case "cond":
      follow(expr.then);
      follow(expr.else);
      break;
    case "logic":
      follow(expr.l);
      follow(expr.r);
      break;
  }
  return found;
}

type Follow = (next: Expr | undefined, home?: Module) => void;

function imported(
  project: Project,
  from: Module,
  specifier: string,
  name: string,
  follow: Follow,
  hops = 0,
): void {
  const file = project.index.resolve(from.file, specifier);
  const module = file === undefined ? undefined : project.module(file);
  const said = module?.exports.get(name);
  if (!module || hops > MAX_HOPS) return;
  if (said?.kind === "value") follow(said.e, module);
  else if (said) imported(project, module, said.specifier, said.name, follow, hops + 1);
  else for (const other of module.reexports) imported(project, module, other, name, follow, hops + 1);
}

function memberOf(base: Value, name: string | undefined, follow: Follow, project: Project): void {
  if (name === undefined) return;
  if (base.v === "instance" || base.v === "class") {
    for (const value of base.cls.members.get(name)?.values ?? []) follow(value, base.cls.module);
  } else if (base.v === "object") follow(base.obj.props.find((p) => p.name === name)?.value, base.module);
  else if (base.v === "namespace") {
    const said = base.module.exports.get(name);
    if (said?.kind === "value") follow(said.e, base.module);
    else if (said) imported(project, base.module, said.specifier, said.name, follow);
  }
}

const isStart = (callees: Value[]): boolean =>
  callees.some((c) => c.v === "sdk" && c.sdk.is === "call" && c.sdk.facts.role === "start");

/** What is closed: one handle of a vendor, or all that the vendor has started where the call names no handle. */
export interface Handle {
  vendor: string;
  cls: string | undefined;
  creations: Set<Expr>;
}

/** The handle that a closing or flushing call is about. */
export function handleOf(
  call: Call,
  value: Value | undefined,
  vendor: string,
  module: Module,
  project: Project,
): Handle {
  if (value?.v !== "member" || call.callee.k !== "mem")
    return { vendor, cls: undefined, creations: new Set() };
  return { vendor, cls: value.member.cls.name, creations: creationsOf(call.callee.o, module, project) };
}

/** Whether two handles can be one; where the program does not show who made them, their class decides. */
export function canBeSame(a: Handle, b: Handle): boolean {
  if (a.vendor !== b.vendor) return false;
  if (a.cls === undefined || b.cls === undefined) return true;
  if (a.creations.size === 0 || b.creations.size === 0) return a.cls === b.cls;
  return [...a.creations].some((c) => b.creations.has(c));
}
