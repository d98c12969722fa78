import {
  type InterfaceFacts,
  interfacePackages,
  telemetryInterfaces,
} from "../../knowledge/telemetry-interfaces.js";
import type { Project } from "../../program/project.js";
import type { Cls, Expr, Fn, Member, Module, Span } from "../../syntax/ir.js";
import { isWithin } from "../links.js";
import { asksForPackage } from "./asks.js";
import { classesOf } from "./classes-of.js";
import { expressionsIn } from "../walk.js";

/** A class or object literal of the program with one of OpenTelemetry's interfaces. */
export interface Implementation {
  facts: InterfaceFacts;
  /** Which of the two it is. */
  cls: Cls | undefined;
  obj: (Expr & { k: "obj" }) | undefined;
  /** The interface that the class says it implements. */
  declared: string | undefined;
  /** The function in which it stands. */
  fn: Fn;
  module: Module;
  at: Span;
  /** The functions that are written in it, with those inside them. */
  fns: readonly Fn[];
  /**
   * What it has under a name: a function of its own or of a base class of the program; `else` for something else, maybe of a base
   * class that the program does not show.
   */
  method(name: string): Fn | "else" | undefined;
}

/** Every class and object literal of a module that has one of the interfaces, in the order of the text. */
export function implementationsIn(module: Module, project: Project): Implementation[] {
  let found = known.get(module);
  if (!found) {
    const isTelemetry = module.imports.some(({ specifier }) => specifier.startsWith("@opentelemetry/"));
    found = [
      ...module.classes.flatMap((cls) => ofClass(cls, isTelemetry, project)),
      ...expressionsIn(module).flatMap(({ e, fn }) =>
        e.k === "obj" && isTelemetry ? ofObject(e, fn, module) : [],
      ),
    ].sort((a, b) => a.at[0] - b.at[0]);
    known.set(module, found);
  }
  return found;
}

const known = new WeakMap<Module, Implementation[]>();

function ofClass(cls: Cls, isTelemetry: boolean, project: Project): Implementation[] {
  const { module } = cls;
  const has = (name: string): boolean => cls.members.get(name)?.isStatic === false;
  const base = cls.superClass && lastName(cls.superClass);
  for (const facts of telemetryInterfaces) {
    const declared = cls.implemented.find((name) => facts.names.includes(name));
    const named = declared !== undefined || (base !== undefined && facts.names.includes(base));
    const whole = has(facts.closes) && has(facts.flushes) && facts.knownBy.length > 0;
    // a file without an import of it may still belong to a package that uses it
    const alike =
      (isTelemetry ? has(facts.closes) : whole && asksForPackage(module.file, interfacePackages, project)) &&
      cls.implemented.length === 0 &&
      facts.knownBy.every((name) => has(name));
    if (!has(facts.takes) || !(named || alike)) continue;
    const fns = functionsOf(cls);
    return [
      {
        ...{ facts, cls, obj: undefined, declared, module, at: cls.at, fns },
        fn: fns[0]?.parent ?? module.top,
        method: (name) => methodOf(cls, name, project),
      },
    ];
  }
  return [];
}

/** The functions that are written in a class, with those inside them. */
export const functionsOf = (cls: Cls): Fn[] =>
  cls.module.fns.filter((fn) => {
    for (let f: Fn | undefined = fn; f; f = f.parent) if (f.cls) return f.cls === cls;
    return false;
  });

/** The last name of `metrics.MetricReader`. */
export const lastName = (e: Expr): string | undefined =>
  e.k === "id" ? (e.bind?.from?.name ?? e.name) : e.k === "mem" ? e.p : undefined;

function methodOf(cls: Cls, name: string, project: Project, depth = 0): Fn | "else" | undefined {
  const member: Member | undefined = cls.members.get(name);
  if (member && !member.isStatic) return member.fn && member.values.length === 0 ? member.fn : "else";
  if (!cls.superClass) return undefined;
  const [base] = classesOf(cls.superClass, cls.module, project);
  return base && depth < 8 ? methodOf(base, name, project, depth + 1) : "else";
}

/** `{ onStart() {}, onEnd(span) { ... }, shutdown() { ... } }` in a module that imports OpenTelemetry. */
function ofObject(obj: Expr & { k: "obj" }, fn: Fn, module: Module): Implementation[] {
  const value = (name: string): Expr | undefined => obj.props.find((p) => p.name === name)?.value;
  if (obj.props.some(({ value: { k } }) => k === "spread")) return [];
  const facts = telemetryInterfaces.find(
    ({ takes, knownBy, closes, flushes }) =>
      value(takes)?.k === "fn" &&
      knownBy.every((name) => value(name) !== undefined) &&
      (value(closes) ?? value(flushes)) !== undefined,
  );
  if (!facts) return [];
  const methods = obj.props.flatMap((p) => (p.value.k === "fn" ? [p.value.fn] : []));
  return [
    {
      ...{ facts, cls: undefined, obj, declared: undefined, module, at: obj.at, fn },
      fns: module.fns.filter((f) => methods.some((method) => isWithin(f, method))),
      method(name) {
        const found = value(name);
        return found?.k === "fn" ? found.fn : found && "else";
      },
    },
  ];
}
